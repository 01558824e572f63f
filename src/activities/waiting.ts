import { SyncError, type ErrorCode } from '../errors.ts';

/** Why GitHub cannot be asked now. The workflow waits, not the activity: a wake may need no question. */
export interface Waiting {
  code: ErrorCode;
  message: string;
  /** null: GitHub does not say for how long */
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

/** What an error means to wait for, or null when it is no matter of waiting. */
export function waitingFor(error: unknown): Waiting | null {
  if (!(error instanceof SyncError) || !waitingCodes.has(error.code)) return null;
  return { code: error.code, message: error.message, retryAfterMs: error.retryAfterMs ?? null };
}
