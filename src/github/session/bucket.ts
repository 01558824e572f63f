import type { LimitState } from '../../model.ts';
import { LONGEST_LIMIT_MS } from '../../time.ts';
import type { LimitReading } from './rate-limit-headers.ts';

/** What one process knows of one of an installation's rate limits (`core`, `graphql`). */
export interface Bucket extends LimitState {
  inFlight: number;
  refusalsInARow: number;
  /** `Date.now()` when the ledger was last updated */
  writtenAt: number;
}

export function emptyBucket(): Bucket {
  return {
    limit: null,
    remaining: null,
    resets_at: null,
    blocked_until: null,
    blocked_code: null,
    inFlight: 0,
    refusalsInARow: 0,
    writtenAt: -Infinity,
  };
}

/** Applies what another process recorded. */
export function takeState(bucket: Bucket, state: LimitState, now: number): void {
  if (until(state.blocked_until, now) > until(bucket.blocked_until, now)) {
    bucket.blocked_until = state.blocked_until;
    bucket.blocked_code = state.blocked_code;
  }
  const { limit, remaining, resets_at } = state;
  if (until(bucket.resets_at, now) <= 0) {
    // Only then: while our window lasts, a row with a later reset is an older reading, never a newer window.
    if (until(resets_at, now) > 0) Object.assign(bucket, { limit, remaining, resets_at });
  } else if (remaining !== null && bucket.remaining !== null && isSameWindow(resets_at, bucket.resets_at)) {
    bucket.remaining = Math.min(bucket.remaining, remaining);
  }
}

/** Applies what an answer said about its rate limit. */
export function takeReading(bucket: Bucket, { limit, remaining, resetsAt }: LimitReading): void {
  if (remaining === null) return;
  // Answers overtake each other: within one window the lowest value is the newest.
  bucket.remaining =
    bucket.remaining !== null && isSameWindow(bucket.resets_at, iso(resetsAt))
      ? Math.min(bucket.remaining, remaining)
      : remaining;
  bucket.limit = limit;
  bucket.resets_at = iso(resetsAt);
}

/** Records a refusal by GitHub: no request is sent before this time. */
export function block(bucket: Bucket, { blockedUntil, blockedCode }: LimitReading): void {
  bucket.blocked_until = iso(blockedUntil);
  bucket.blocked_code = blockedCode;
}

/**
 * How many milliseconds are left until a limit ends; -Infinity if nothing is known. GitHub's limits end within
 * `LONGEST_LIMIT_MS`: a time beyond is not believed.
 */
export function until(time: string | null, from: number): number {
  const left = time === null ? -Infinity : Date.parse(time) - from;
  return left > LONGEST_LIMIT_MS ? -Infinity : left;
}

/** Resets have whole seconds, each measured by a different clock. */
function isSameWindow(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && Math.abs(Date.parse(a) - Date.parse(b)) < 2000;
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
