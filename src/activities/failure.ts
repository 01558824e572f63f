import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { describeState } from '../db/database-errors.ts';
import { describeUnavailable } from '../db/database-troubles.ts';
import { withJitter } from '../jitter.ts';
import { loggableMessage } from '../loggable-error.ts';
import { errorTable, SyncError, type ErrorCode } from '../errors.ts';

/**
 * The code and message of any error. Of PostgreSQL's errors only the state, because their messages quote the values
 * that it rejects; of others their name and the beginning of their message. The log has the stack (`runActivity`).
 */
export function describeError(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof SyncError) return { code: error.code, message: error.message };
  const unavailable = describeUnavailable(error);
  if (unavailable !== null) return unavailable;
  const state = describeState(error);
  if (state !== null) return { code: 'UNKNOWN', message: `PostgreSQL refused it: ${state}` };
  return {
    code: 'UNKNOWN',
    message: error instanceof Error ? `${error.name}: ${loggableMessage(error)}`.slice(0, 300) : 'unknown',
  };
}

/**
 * Converts an error for Temporal: its type is our code, the error table decides whether Temporal retries it,
 * and Temporal does the waiting. Rate limits and waiting are not our faults and are not logged as failures
 * (BENIGN).
 */
export function toFailure(error: unknown): ApplicationFailure {
  const { code, message } = describeError(error);
  const { retryable } = errorTable[code];
  const retryAfterMs = error instanceof SyncError ? error.retryAfterMs : undefined;
  return ApplicationFailure.create({
    type: code,
    message: `${message}. ${errorTable[code].advice}`,
    nonRetryable: !retryable,
    ...(retryable && code !== 'UNKNOWN' ? { category: ApplicationFailureCategory.BENIGN } : {}),
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: withJitter(retryAfterMs) }),
  });
}
