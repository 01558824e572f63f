import { pino, type Logger } from 'pino';

export type { Logger };

// Whatever is logged by mistake under these names never leaves the process.
const secretPaths = ['token', 'privateKey', 'secret', 'payload', 'authorization', 'headers.authorization'];

/** One line of JSON per event on standard output; `name` is the role. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    serializers: { err: describe },
    redact: { paths: secretPaths.flatMap((path) => [path, `*.${path}`]), censor: '[secret]' },
  });
}

/** An error without its other properties: PostgreSQL's quote the row, Octokit's the request and its token. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause };
}
