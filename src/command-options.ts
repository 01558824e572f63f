import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values'];

/**
 * Parses a command's options. `--help` prints the usage and exits with 0; for an unknown option or argument it
 * prints one line and exits with `exitCode`.
 */
export function commandOptions<const O extends Options>(usage: string, options: O, exitCode = 1): Values<O> {
  return parsedOrExit(usage, exitCode, () => parseArgs({ options })).values;
}

/** The same for a command that also takes arguments of any name. */
export function commandArguments<const O extends Options>(
  usage: string,
  options: O,
): { values: Values<O>; positionals: string[] } {
  return parsedOrExit(usage, 1, () => parseArgs({ options, allowPositionals: true }));
}

function parsedOrExit<Parsed>(usage: string, exitCode: number, parse: () => Parsed): Parsed {
  if (process.argv.slice(2).includes('--help')) {
    process.stdout.write(usage);
    return process.exit(0);
  }
  try {
    return parse();
  } catch (error) {
    // npm sets the name of the script that it runs.
    const script = process.env['npm_lifecycle_event'];
    const help = script === undefined ? '--help' : `npm run ${script} -- --help`;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}. See ${help}\n`);
    return process.exit(exitCode);
  }
}
