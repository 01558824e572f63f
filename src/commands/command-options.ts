import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * The options that a command was given. Where one is none of its own, the command says so in one line and ends the
 * process with 1.
 */
export function commandOptions<const O extends Options>(
  options: O,
): ReturnType<typeof parseArgs<{ options: O }>>['values'] {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}. See -- --help\n`);
    return process.exit(1);
  }
}
