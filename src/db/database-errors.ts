// Node's network errors and the pool's own words for "no connection".
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const poolMessages =
  /connection terminated|timeout exceeded when trying to connect|connection timeout|client has encountered a connection error|cannot use a pool after calling end|not queryable/i;

/**
 * SQLSTATEs after which the same statement can succeed later: connection lost (08), out of connections, memory
 * or disk (53), shutdown and start-up (57P), input/output (58), a standby that is not yet the primary, and what took
 * longer than a session may (57014, 55P03, 25P03).
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const unavailableStates = /^(08...|53...|57P0.|58...|25006|3D000|28...|40001|40P01|57014|55P03|25P03)$/;

/** Text or a number that the column's type cannot hold (22), or nesting and size beyond a limit (54). */
const unstorableStates = /^(22...|54...)$/;

/** True when the database cannot answer now: nothing is wrong with the statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return someCause(error, (code, message) => {
    if (code !== undefined && (networkCodes.has(code) || unavailableStates.test(code))) return true;
    return poolMessages.test(message);
  });
}

/** True when PostgreSQL refuses the value itself, now and ever after. */
export function isUnstorable(error: unknown): boolean {
  return someCause(error, (code) => code !== undefined && unstorableStates.test(code));
}

/** Drivers wrap errors, and a host with several addresses fails with one error for each. */
function someCause(error: unknown, test: (code: string | undefined, message: string) => boolean): boolean {
  if (typeof error !== 'object' || error === null || !('message' in error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (test(code, String(error.message))) return true;
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  if (inner.some((one) => someCause(one, test))) return true;
  return 'cause' in error && error.cause !== error && someCause(error.cause, test);
}
