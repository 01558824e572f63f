import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Parses a command's options. `--help` prints the usage and exits with 0; for an unknown option or argument it
 * prints one line and exits with `exitCode`.
 */
export function commandOptions<const O extends Options>(
  usage: string,
  options: O,
  exitCode = 1,
): ReturnType<typeof parseArgs<{ options: O }>>['values'] {
  if (process.argv.slice(2).includes('--help')) {
    process.stdout.write(usage);
    return process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    // npm sets the name of the script that it runs.
    const script = process.env['npm_lifecycle_event'];
    const help = script === undefined ? '--help' : `npm run ${script} -- --help`;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}. See ${help}\n`);
    return process.exit(exitCode);
  }
}
