import { isGrpcServiceError, ServiceError, type Client } from '@temporalio/client';
import { withinDeadline } from '../deadline.ts';
import { SyncError } from '../errors.ts';

// gRPC status codes, https://grpc.io/docs/guides/status-codes/
const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;

/** Whoever asks the API for what needs Temporal hears within 3 s that it is away. */
export const ASKED_CALL_MS = 2500;

/**
 * One call to Temporal, with a deadline: the SDK alone would continue for 40 s while Temporal is away.
 *
 * @throws SyncError TEMPORAL_UNAVAILABLE when it is away, refuses, or has no namespace of ours
 */
export async function callTemporal<T>(
  client: Client,
  deadlineMs: number,
  call: () => Promise<T>,
): Promise<T> {
  try {
    // The client's own deadline does not bound its first connection, for which it takes 10 s.
    return await withinDeadline(deadlineMs, client.withDeadline(Date.now() + deadlineMs, call), away);
  } catch (error) {
    throw temporalError(error);
  }
}

function away(): SyncError {
  return new SyncError('TEMPORAL_UNAVAILABLE', 'Temporal does not answer in time');
}

/** True when Temporal answers but takes no more of this for now: a limit of its own, no outage. */
export function isExhausted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isGrpcServiceError(error)) {
    const code: number = error.code;
    return code === RESOURCE_EXHAUSTED;
  }
  return error.cause !== undefined && isExhausted(error.cause);
}

/** gRPC's failures become TEMPORAL_UNAVAILABLE; what a workflow answered stays what it is. */
export function temporalError(error: unknown): unknown {
  if (!isGrpcServiceError(error) && !(error instanceof ServiceError)) return error;
  return new SyncError('TEMPORAL_UNAVAILABLE', 'Temporal does not answer', { cause: error });
}

/** True when the namespace lacks a search attribute that the call set. */
export function isUnknownSearchAttribute(error: unknown): boolean {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  if (!isGrpcServiceError(cause)) return false;
  const code: number = cause.code;
  return code === INVALID_ARGUMENT && /search attribute/i.test(cause.details || cause.message);
}
