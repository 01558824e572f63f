import type { LimitState } from '../../model.ts';
import type { LimitReading } from './rate-limit-headers.ts';

/** What one process knows of one budget (`core`, `graphql`) of an installation. */
export interface Bucket extends LimitState {
  inFlight: number;
  refusalsInARow: number;
  /** `Date.now()` of when the ledger was last told */
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

/** Takes in what another process wrote down. */
export function takeState(bucket: Bucket, state: LimitState, now: number): void {
  if (isAfter(state.blocked_until, bucket.blocked_until)) {
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

/** Takes in what an answer said of its budget. */
export function takeReading(bucket: Bucket, { limit, remaining, resetsAt }: LimitReading): void {
  if (remaining === null) return;
  // Answers overtake each other: within one window the least is the newest.
  bucket.remaining =
    bucket.remaining !== null && isSameWindow(bucket.resets_at, iso(resetsAt))
      ? Math.min(bucket.remaining, remaining)
      : remaining;
  bucket.limit = limit;
  bucket.resets_at = iso(resetsAt);
}

/** Takes in that GitHub refused: nothing is asked of it before. */
export function block(bucket: Bucket, { blockedUntil, blockedCode }: LimitReading): void {
  bucket.blocked_until = iso(blockedUntil);
  bucket.blocked_code = blockedCode;
}

/** Milliseconds from then; -Infinity where nothing is known. */
export function until(time: string | null, from: number): number {
  return time === null ? -Infinity : Date.parse(time) - from;
}

/** Resets are read in whole seconds, each against a clock of its own. */
function isSameWindow(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && Math.abs(Date.parse(a) - Date.parse(b)) < 2000;
}

function isAfter(a: string | null, b: string | null): boolean {
  return a !== null && (b === null || Date.parse(a) > Date.parse(b));
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
