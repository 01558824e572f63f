/**
 * SQLSTATE classes whose messages name the server, its limits and the objects of the schema, never the value of a row:
 * connection, features, cardinality, transaction state, credentials, database, schema, rollback, syntax and names,
 * resources, program limits, prerequisites, intervention, system, and internal errors, which tell what is corrupt.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const harmlessClasses = /^(08|0A|21|25|28|3D|3F|40|42|53|54|55|57|58|XX)/;

/** The fields of PostgreSQL's errors that name only objects of the schema, or the place in the server's source. */
const namingFields = ['constraint', 'table', 'column', 'routine'] as const;

const INDENT = '    at ';

/**
 * An error's message without values. Some of PostgreSQL's messages quote the value that it rejects, which may be
 * the content of a private repository: instead of these the SQLSTATE is returned, with the names of what it concerns.
 * `JSON.parse` quotes the text.
 */
export function loggableMessage(error: Error): string {
  if (error instanceof SyntaxError && error.message.includes('JSON')) return 'a text is not valid JSON';
  if (!isQuoting(error)) {
    const { cause, message } = error;
    return cause instanceof Error && isQuoting(cause)
      ? message.replaceAll(cause.message, loggableMessage(cause))
      : message;
  }
  const names = namingFields.flatMap((field) => {
    const value: unknown = Reflect.get(error, field);
    return typeof value === 'string' ? `${field} ${value}` : [];
  });
  const place = names.length === 0 ? '' : ` (${names.join(', ')})`;
  return `PostgreSQL refused it: ${error.code}${place}`;
}

/** An error's stack, which begins with its message: likewise without values. */
export function loggableStack(error: Error): string | undefined {
  const message = loggableMessage(error);
  if (error.stack === undefined || message === error.message) return error.stack;
  const places = error.stack
    .replaceAll(error.message, '')
    .split('\n')
    .filter((line) => line.startsWith(INDENT));
  return [`${error.name}: ${message}`, ...places].join('\n');
}

/** Whether it is an error from PostgreSQL (`severity`), or a driver's copy of one, whose message may quote a value. */
function isQuoting(error: Error): error is Error & { code: string } {
  return (
    'severity' in error &&
    'code' in error &&
    typeof error.code === 'string' &&
    !harmlessClasses.test(error.code)
  );
}
