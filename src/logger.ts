import { hostname } from 'node:os';
import { pino, type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino';
import { createLogOutput } from './log-output.ts';
import { loggableMessage, loggableStack } from './loggable-error.ts';

export type { Logger };

/** Values accidentally logged under these names, at any depth, never leave the process. */
const secretNames = new Set(['token', 'privateKey', 'secret', 'payload', 'authorization']);
const CENSORED = '[secret]';
/** What pino writes for circular references. */
const CIRCULAR = '[Circular]';
const WARN = 40; // pino's number for it

/**
 * Writes one line of JSON per event to standard output; `name` is the role.
 *
 * @param destination where to write the lines instead
 */
export function createLogger(name: string, level: string, destination?: DestinationStream): Logger {
  const log = pino(
    {
      name,
      level,
      // If the object is not an error, the formatter, which runs first, has already handled it.
      serializers: { err: (given: unknown) => (typeof given === 'object' ? given : describe(given)) },
      // pino's own `redact` copies and rebuilds every line: 16 µs of the 150 that the API spends on a delivery.
      formatters: { log: withoutSecrets },
    },
    destination ?? standardOutput(name),
  );
  const prototype: Pick<Logger, 'child'> = Object.getPrototypeOf(log);
  // Child loggers, and their children, inherit this through the prototype.
  log.child = function child<Levels extends string = never>(
    this: Logger,
    bindings: Bindings,
    options?: ChildLoggerOptions<Levels>,
  ) {
    return prototype.child.call<Logger, Parameters<typeof prototype.child<Levels>>, Logger<Levels>>(
      this,
      withoutSecrets(bindings),
      options,
    );
  };
  return log;
}

function standardOutput(name: string): DestinationStream {
  const described = { pid: process.pid, hostname: hostname(), name };
  // To ask for the stream makes a pipe non-blocking: https://docs.libuv.org/en/v1.x/pipe.html#c.uv_pipe_open
  const output = createLogOutput(process.stdout.fd, (lost, code) => {
    const line = {
      level: WARN,
      time: Date.now(),
      ...described,
      lost,
      code,
      msg: 'lines of this log were lost',
    };
    return `${JSON.stringify(line)}\n`;
  });
  process.on('exit', output.end);
  return output;
}

/** Fields without secrets: the same object if there were none. */
function withoutSecrets(
  fields: Record<string, unknown>,
  known = new Map<object, unknown>(),
): Record<string, unknown> {
  let safe = fields;
  for (const [name, value] of Object.entries(fields)) {
    const kept = secretNames.has(name) ? CENSORED : censored(value, known);
    if (kept === value) continue;
    if (safe === fields) safe = { ...fields };
    safe[name] = kept;
  }
  return safe;
}

/**
 * A value without secrets. Values that are neither plain data nor errors (a request, a date) are left to their
 * serializers.
 *
 * @param known results for objects seen so far: an object may contain itself
 */
function censored(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describe(value);
  if (known.has(value)) return known.get(value);
  known.set(value, CIRCULAR);
  let safe: unknown = value;
  if (Array.isArray(value)) {
    const items = value.map((item) => censored(item, known));
    if (items.some((item, at) => item !== value[at])) safe = items;
  } else if (isPlain(value)) safe = withoutSecrets(value, known);
  known.set(value, safe);
  return safe;
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * An error without its other properties (PostgreSQL's quote the row, Octokit's the request with its token) and without
 * the values that its message may quote.
 */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: describe(error.cause) };
  return {
    type: error.name,
    message: loggableMessage(error),
    ...code,
    stack: loggableStack(error),
    ...cause,
  };
}
