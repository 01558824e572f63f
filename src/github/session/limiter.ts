import { SyncError } from '../../errors.ts';
import { block, takeReading, until, type Bucket } from './bucket.ts';
import { createPlaces } from './places.ts';
import { keptFrom, purposes, type Purpose } from './purposes.ts';
import { readLimit, type LimitAnswer, type LimitReading } from './rate-limit-headers.ts';
import { createSharedBuckets, type Budget, type LimitLedger } from './shared-buckets.ts';
import { currentPurpose, isPrioritized } from './usage.ts';

export interface Limiter {
  /**
   * Waits for a place, then sends; if the rate limit is used up, nothing is sent.
   * @throws SyncError RATE_LIMITED or SECONDARY_RATE_LIMITED with `retryAfterMs`
   */
  run<T>(resource: string, send: () => Promise<T>): Promise<T>;
  /** Applies what an answer said; call it before `run` ends. */
  record(resource: string, answer: LimitAnswer): Promise<LimitReading>;
  /** As reported by answers; null until one did. */
  budget(resource: string): Budget | null;
}

/** What remains of the rate limit is reserved for more urgent purposes. */
export class BudgetKept extends SyncError {}

/**
 * Keeps one installation within its rate limits. More urgent requests go first, and part of the limit is
 * reserved for them (`purposes.ts`). Once a limit is used up nobody waits here: it throws at once.
 */
export function createLimiter(
  installationId: number,
  ledger: LimitLedger,
  now: () => number = Date.now,
): Limiter {
  const { bucketOf, read, save, budget } = createSharedBuckets(installationId, ledger, now);
  const places = createPlaces();

  async function run<T>(resource: string, send: () => Promise<T>): Promise<T> {
    await read();
    const bucket = bucketOf(resource);
    const purpose = currentPurpose();
    const rank = purposes.indexOf(purpose) - (isPrioritized() ? 0.5 : 0);
    for (;;) {
      refuseIfBlocked(bucket, now());
      if (places.isFree() && hasBudget(bucket, purpose, now())) break;
      await places.change(rank);
    }
    places.enter();
    bucket.inFlight += 1;
    try {
      return await send();
    } finally {
      bucket.inFlight -= 1;
      places.leave();
    }
  }

  async function record(resource: string, answer: LimitAnswer): Promise<LimitReading> {
    const bucket = bucketOf(resource);
    const reading = readLimit(answer, resource, bucket.refusalsInARow, now());
    takeReading(bucket, reading);
    const isRefusal = reading.blockedUntil !== null;
    const isSecondary = reading.blockedCode === 'SECONDARY_RATE_LIMITED';
    // A secondary limit is shared by REST and GraphQL.
    const refused = isSecondary ? ['core', 'graphql'] : [resource];
    if (isRefusal) {
      for (const name of refused) block(bucketOf(name), reading);
      bucket.refusalsInARow += 1;
      if (isSecondary) places.countRefusal();
    } else if (answer.status < 400) {
      bucket.refusalsInARow = 0;
      places.countAnswer();
    }
    const urgent = isRefusal || bucket.remaining === 0;
    for (const name of urgent ? refused : [resource]) await save(name, urgent);
    return reading;
  }

  return { run, record, budget };
}

function refuseIfBlocked({ blocked_until, blocked_code }: Bucket, now: number): void {
  const blockedFor = until(blocked_until, now);
  if (blockedFor > 0) throw limited(blocked_code ?? 'RATE_LIMITED', blockedFor, now);
}

/** True if the rate limit allows one more request for this purpose besides those in progress. */
function hasBudget(
  { remaining, limit, resets_at, inFlight }: Bucket,
  purpose: Purpose,
  now: number,
): boolean {
  const resetsIn = until(resets_at, now);
  if (remaining === null || resetsIn <= 0) return true;
  const spare = remaining - keptFrom(purpose, limit);
  if (spare > inFlight) return true;
  // The answers in progress will show it.
  if (spare > 0 || (remaining <= 0 && inFlight > 0)) return false;
  if (remaining <= 0) throw limited('RATE_LIMITED', resetsIn + 1000, now);
  const words = `what is left of the budget is kept from ${purpose} until ${timeOf(now + resetsIn)}`;
  throw new BudgetKept('RATE_LIMITED', words, { retryAfterMs: resetsIn + 1000 });
}

function limited(code: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED', waitMs: number, now: number): SyncError {
  const words = `waiting for GitHub until ${timeOf(now + waitMs)}`;
  return new SyncError(code, words, { retryAfterMs: waitMs });
}

/** `14:32:10 UTC` */
function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}
