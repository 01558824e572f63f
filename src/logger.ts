import { pino, type Logger } from 'pino';

export type { Logger };

// Whatever is logged by mistake under these names never leaves the process.
const secretPaths = ['token', 'privateKey', 'secret', 'payload', 'authorization', 'headers.authorization'];

/** One line of JSON per event on standard output; `name` is the role. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    redact: { paths: secretPaths.flatMap((path) => [path, `*.${path}`]), censor: '[secret]' },
  });
}
