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
// A certificate that is not trusted, or no longer: https://nodejs.org/api/tls.html#x509-certificate-error-codes
const encryptionCodes = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|(DEPTH_ZERO_)?SELF_SIGNED_)/;
const poolMessages =
  /connection terminated|timeout exceeded when trying to connect|connection timeout|client has encountered a connection error|cannot use a pool after calling end|not queryable|does not support ssl/i;

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
    if (
      code !== undefined &&
      (networkCodes.has(code) || unavailableStates.test(code) || encryptionCodes.test(code))
    )
      return true;
    return poolMessages.test(message);
  });
}

/** What to tell whoever runs a command whose database does not answer; null where it is something else. */
export function databaseComplaint(error: unknown): string | null {
  if (!isDatabaseUnavailable(error)) return null;
  // Each address of a name was tried: what the first one answered stands for all.
  const reason: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return `PostgreSQL at DATABASE_URL does not answer: ${reason instanceof Error ? reason.message : String(reason)}`;
}

/** A statement or lock that took longer than it may, or lost against another: the same may do at another time. */
const overtakenStates = /^(57014|55P03|40...)$/;

/**
 * A value that a row cannot hold: also one that breaks a rule of its column (not null, a check). A missing row of
 * another table (23503) is none of its own.
 */
const refusedStates = /^(22...|54...|23502|23514)$/;

export function isOvertaken(error: unknown): boolean {
  return someCause(error, (code) => code !== undefined && overtakenStates.test(code));
}

/** True when it is a row that PostgreSQL refuses, and not the statement. */
export function isRefusedRow(error: unknown): boolean {
  return someCause(error, (code) => code !== undefined && refusedStates.test(code));
}

/** True when an upsert was given one key twice (cardinality_violation). */
export function isKeyTwice(error: unknown): boolean {
  return someCause(error, (code) => code === '21000');
}

/** True when the row that another refers to is not there (foreign_key_violation). */
export function isReferenceMissing(error: unknown): boolean {
  return someCause(error, (code) => code === '23503');
}

/** True when a lock was not to be had at once, or in time (lock_not_available). */
export function isLockHeld(error: unknown): boolean {
  return someCause(error, (code) => code === '55P03');
}

/** The SQLSTATE and the constraint of an error, without its words: those may quote values. Null: not PostgreSQL's. */
export function describeState(error: unknown): string | null {
  let found: string | null = null;
  someCause(error, (code, _message, constraint) => {
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code)) return false;
    found = constraint === undefined ? code : `${code} (${constraint})`;
    return true;
  });
  return found;
}

/** True when a connection that was there has ended: a new one may work. */
export function isConnectionEnded(error: unknown): boolean {
  return someCause(error, (code, message) => {
    if (code !== undefined) return /^(57P0[123]|08006|08003|ECONNRESET|EPIPE)$/.test(code);
    return /connection terminated|not queryable|client has encountered a connection error/i.test(message);
  });
}

/** True when PostgreSQL refuses the value itself, now and ever after. */
export function isUnstorable(error: unknown): boolean {
  return someCause(error, (code) => code !== undefined && unstorableStates.test(code));
}

/** Drivers wrap errors, and a host with several addresses fails with one error for each. */
function someCause(
  error: unknown,
  test: (code: string | undefined, message: string, constraint: string | undefined) => boolean,
): boolean {
  if (typeof error !== 'object' || error === null || !('message' in error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const constraint =
    'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
  if (test(code, String(error.message), constraint)) return true;
  const inner = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  if (inner.some((one) => someCause(one, test))) return true;
  return 'cause' in error && error.cause !== error && someCause(error.cause, test);
}
