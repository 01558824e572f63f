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
    return reject(error instanceof Error ? error.message : String(error), exitCode);
  }
}

/**
 * The value of an option that is a whole number; for any other it prints one line and exits with 1, before a command
 * does nothing and reports success.
 */
export function wholeNumberOption(
  option: string,
  text: string,
  { least = 1, most = Number.MAX_SAFE_INTEGER }: { least?: number; most?: number } = {},
): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return reject(`Option '--${option}' takes a whole number ${range}, not '${text}'`, 1);
}

/** The same for an option that takes one of some words. */
export function wordOption<const Word extends string>(
  option: string,
  text: string,
  words: readonly Word[],
): Word {
  const word = words.find((one) => one === text);
  return word ?? reject(`Option '--${option}' takes ${words.join(' or ')}, not '${text}'`, 1);
}

function reject(fault: string, exitCode: number): never {
  // npm sets the name of the script that it runs.
  const script = process.env['npm_lifecycle_event'];
  const help = script === undefined ? '--help' : `npm run ${script} -- --help`;
  process.stderr.write(`${fault}. See ${help}\n`);
  return process.exit(exitCode);
}
