import { ActivityFailure, ApplicationFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { isErrorCode, type ErrorCode } from '../errors.ts';

/**
 * A code from the error table (`src/errors.ts`) and a message: all that a job or a person learns of a failure.
 */
export interface Reason {
  code: ErrorCode;
  message: string;
}

/** The failure of a workflow or an update: its type is the code, and it is not retried. */
export function failureOf({ code, message }: Reason): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: true });
}

/** The code and message of a cancellation, or of an activity that failed for good. */
export function reasonOf(error: unknown): Reason {
  if (isCancellation(error)) return { code: 'JOB_CANCELLED', message: 'cancelled' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  // After a timeout the failure of the last attempt says what went wrong.
  const reason = cause instanceof TimeoutFailure && cause.cause !== undefined ? cause.cause : cause;
  if (reason instanceof ApplicationFailure && isErrorCode(reason.type)) {
    return { code: reason.type, message: reason.message };
  }
  return { code: 'UNKNOWN', message: reason instanceof Error ? reason.message : String(error) };
}
