import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { isErrorCode, type ErrorCode } from '../errors.ts';

/** The code and words of a cancellation, or of an activity that failed for good. */
export function failureOf(error: unknown): { code: ErrorCode; message: string } {
  if (isCancellation(error)) return { code: 'JOB_CANCELLED', message: 'cancelled' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  // At a timeout the last attempt's own failure says what was the matter.
  const reason = cause instanceof TimeoutFailure && cause.cause !== undefined ? cause.cause : cause;
  if (reason instanceof ApplicationFailure && isErrorCode(reason.type)) {
    return { code: reason.type, message: reason.message };
  }
  return { code: 'UNKNOWN', message: reason instanceof Error ? reason.message : String(error) };
}
