import { commandOptions } from '../command-options.ts';
import { ConfigurationError } from '../config.ts';
import { loggableStack } from '../loggable-error.ts';
import { reasonOf } from './reason-of.ts';

/** Why a role cannot start, in words for the person who starts it. */
export class StartError extends Error {}

/**
 * Runs a role to its end and exits with its exit code, or with 1 and a line on standard error if it could not
 * start. A role takes no option but `--help`, which prints `usage`. It calls `exit` because a connection that is
 * still open or being opened must not keep a stopped process alive.
 */
export async function runRole(
  main: (env: NodeJS.ProcessEnv) => Promise<number>,
  usage: string,
): Promise<never> {
  commandOptions(usage, {});
  // Node would print every field of an error that nobody caught: PostgreSQL's have the values that it rejects.
  process.on('uncaughtException', endWith);
  try {
    process.exit(await main(process.env));
  } catch (error) {
    endWith(error);
  }
}

function endWith(error: unknown): never {
  const expected = error instanceof ConfigurationError || error instanceof StartError;
  const text = expected ? error.message : (error instanceof Error && loggableStack(error)) || reasonOf(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
