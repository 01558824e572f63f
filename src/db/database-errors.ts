// Node's network errors and the pool's own messages for "no connection".
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  // This process or its machine has no file, port or buffer left for another connection.
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'ENOBUFS',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// A certificate that is not trusted, or has expired:
// https://nodejs.org/api/tls.html#x509-certificate-error-codes
const encryptionCodes = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED_)/;
const poolMessages =
  /connection terminated|timeout exceeded when trying to connect|connection timeout|client has encountered a connection error|cannot use a pool after calling end|not queryable|does not support ssl/i;

/**
 * SQLSTATEs after which the same statement can succeed later: connection lost (08), out of connections, memory
 * or disk (53), shutdown and start-up (57P), input/output (58), a standby that is not yet the primary, and
 * timeouts (57014, 55P03, 25P03). https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const unavailableStates = /^(08...|53...|57P0.|58...|25006|3D000|28...|40001|40P01|57014|55P03|25P03)$/;

/**
 * The tables are not those that this version needs, or its role may not use them: while a backup is restored, or after
 * that of an older version was. Undefined column, function and table (42), undefined schema (3F), no privilege (42501).
 */
export const otherSchemaStates = /^(42703|42883|42P01|3F000|42501)$/;

/** Text or a number that the column's type cannot hold (22), or nesting and size beyond a limit (54). */
const unstorableStates = /^(22...|54...)$/;

/** True if the database cannot answer now: nothing is wrong with the statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (hasState(error, otherSchemaStates)) return true;
  return someCause(error, (code, message) => {
    if (
      code !== undefined &&
      (networkCodes.has(code) || unavailableStates.test(code) || encryptionCodes.test(code))
    )
      return true;
    return poolMessages.test(message);
  });
}

/** A statement or lock that timed out, or lost against another one: it may succeed later. */
const overtakenStates = /^(57014|55P03|40...)$/;

/**
 * A value that a row cannot hold, including one that violates a constraint of its column (not null, a check). A
 * missing row of another table (23503) is not its own fault.
 */
const refusedStates = /^(22...|54...|23502|23514)$/;

export function isOvertaken(error: unknown): boolean {
  return hasState(error, overtakenStates);
}

/** True if PostgreSQL rejects a row, rather than the statement. */
export function isRefusedRow(error: unknown): boolean {
  return hasState(error, refusedStates);
}

/** True if an upsert contains one key twice (cardinality_violation). */
export function isKeyTwice(error: unknown): boolean {
  return someCause(error, (code) => code === '21000');
}

/** True if the row that another refers to does not exist (foreign_key_violation). */
export function isReferenceMissing(error: unknown): boolean {
  return someCause(error, (code) => code === '23503');
}

/** True if a lock was not available at once, or in time (lock_not_available). */
export function isLockHeld(error: unknown): boolean {
  return someCause(error, (code) => code === '55P03');
}

/**
 * The SQLSTATE and the constraint of an error, without its message, which may quote values. Null if it is not
 * from PostgreSQL.
 */
export function describeState(error: unknown): string | null {
  let found: string | null = null;
  someCause(error, (code, _message, constraint) => {
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return false;
    found = constraint === undefined ? code : `${code} (${constraint})`;
    return true;
  });
  return found;
}

/** True if an established connection has ended: a new one may work. */
export function isConnectionEnded(error: unknown): boolean {
  return someCause(error, (code, message) => {
    if (code !== undefined) return /^(57P0[123]|08006|08003|ECONNRESET|EPIPE)$/.test(code);
    return /connection terminated|not queryable|client has encountered a connection error/i.test(message);
  });
}

/** True if PostgreSQL rejects the value itself, now and in future. */
export function isUnstorable(error: unknown): boolean {
  return hasState(error, unstorableStates);
}

/** The innermost error with such a code, PostgreSQL's SQLSTATE or that of a lost connection; null without any. */
export function deepestWithState(error: unknown, states: RegExp): Error | null {
  let found: Error | null = null;
  someCause(error, (code, _message, _constraint, at) => {
    if (code !== undefined && states.test(code)) found = at;
    return false;
  });
  return found;
}

function hasState(error: unknown, states: RegExp): boolean {
  return someCause(error, (code) => code !== undefined && states.test(code));
}

/** By its shape: an error of Node's own is of another class where code runs in a context of its own (`node:vm`). */
function isError(error: unknown): error is Error {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}

/** Drivers wrap errors, and a host with several addresses fails with one error for each. */
function someCause(
  error: unknown,
  test: (code: string | undefined, message: string, constraint: string | undefined, at: Error) => boolean,
): boolean {
  if (!isError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const constraint =
    'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
  if (test(code, error.message, constraint, error)) return true;
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  if (inner.some((one) => someCause(one, test))) return true;
  return 'cause' in error && error.cause !== error && someCause(error.cause, test);
}
