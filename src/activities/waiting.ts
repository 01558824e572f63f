import { SyncError, type ErrorCode } from '../errors.ts';

/** Why GitHub cannot be asked now. The workflow waits, not the activity, because a wake may need no request. */
export interface Waiting {
  code: ErrorCode;
  message: string;
  /** null if GitHub does not say for how long */
  retryAfterMs: number | null;
}

/** GitHub as a whole cannot be asked, for minutes or an hour. */
const waitingCodes = new Set<ErrorCode>([
  'RATE_LIMITED',
  'SECONDARY_RATE_LIMITED',
  'GITHUB_UNAVAILABLE',
  'GITHUB_BAD_ANSWER',
  'GRAPHQL_UNAVAILABLE',
  'BAD_CREDENTIALS',
  'ACCESS_REFUSED',
  'IP_NOT_ALLOWED',
  'NOT_YET_VISIBLE',
  'LIST_SHIFTED',
]);

/** The wait that an error calls for, or null if waiting would not help. */
export function waitingFor(error: unknown): Waiting | null {
  if (!(error instanceof SyncError) || !waitingCodes.has(error.code)) return null;
  return { code: error.code, message: error.message, retryAfterMs: error.retryAfterMs ?? null };
}
