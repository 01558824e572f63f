import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { withinDeadline } from '../deadline.ts';
import { SyncError } from '../errors.ts';

// gRPC status codes, https://grpc.io/docs/guides/status-codes/
const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;

/** A caller of the API learns within 3 s that Temporal is unavailable. */
export const ASKED_CALL_MS = 2500;

/**
 * One call to Temporal, with a deadline: the SDK alone would continue for 40 s while Temporal is unavailable.
 *
 * @throws SyncError TEMPORAL_UNAVAILABLE if it is unavailable, refuses, or lacks our namespace
 */
export async function callTemporal<T>(
  client: Client,
  deadlineMs: number,
  call: () => Promise<T>,
): Promise<T> {
  try {
    // The client's own deadline does not cover its first connection, for which it takes 10 s.
    return await withinDeadline(deadlineMs, client.withDeadline(Date.now() + deadlineMs, call), away);
  } catch (error) {
    throw temporalError(error);
  }
}

function away(): SyncError {
  return new SyncError('TEMPORAL_UNAVAILABLE', 'Temporal does not answer in time');
}

/** True if Temporal answers but accepts no more of this for now: one of its limits, not an outage. */
export function isExhausted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isGrpcServiceError(error)) {
    const code: number = error.code;
    return code === RESOURCE_EXHAUSTED;
  }
  return error.cause !== undefined && isExhausted(error.cause);
}

/** gRPC's failures become TEMPORAL_UNAVAILABLE; a workflow's answer stays what it is. */
export function temporalError(error: unknown): unknown {
  // The SDK makes this one of a gRPC failure, but no ServiceError.
  if (error instanceof NamespaceNotFoundError)
    return new SyncError('TEMPORAL_UNAVAILABLE', `Temporal has no namespace ${error.namespace}`, {
      cause: error,
    });
  if (!isGrpcServiceError(error) && !(error instanceof ServiceError)) return error;
  return new SyncError('TEMPORAL_UNAVAILABLE', 'Temporal does not answer', { cause: error });
}

/** True if the namespace lacks a search attribute that the call set. */
export function isUnknownSearchAttribute(error: unknown): boolean {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  if (!isGrpcServiceError(cause)) return false;
  const code: number = cause.code;
  return code === INVALID_ARGUMENT && /search attribute/i.test(cause.details || cause.message);
}
