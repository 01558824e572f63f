import { setTimeout as sleep } from 'node:timers/promises';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/** So long, at most, the end of a connection waits for a retry; the SDK's own pauses grow to 5 s. */
const LONGEST_PAUSE_MS = 2000;

/**
 * The SDK's retries of failed calls, and their end. The SDK (1.24) begins a retry from a timer, and grpc-js throws if the
 * connection is closed by then: an error that nobody catches, so that an API which was stopped while Temporal was
 * unavailable crashed.
 */
export function createRetries() {
  const { retryableDecider, delayFunction } = defaultGrpcRetryOptions();
  let hasEnded = false;
  let lastBegins = 0;
  return {
    interceptor: makeGrpcRetryInterceptor({
      retryableDecider: (attempt, status) => !hasEnded && retryableDecider(attempt, status),
      delayFunction: (attempt, status) => {
        const pause = Math.min(LONGEST_PAUSE_MS, delayFunction(attempt, status));
        lastBegins = Math.max(lastBegins, performance.now() + pause);
        return pause;
      },
    }),
    /** Begins no more of them, and waits until those that are due have begun: the connection may then be closed. */
    async end(): Promise<void> {
      hasEnded = true;
      while (performance.now() <= lastBegins) await sleep(lastBegins - performance.now() + 1);
    },
  };
}
