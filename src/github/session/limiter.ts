import { SyncError } from '../../errors.ts';
import type { LimitState } from '../../model.ts';
import { keptFrom, purposes, type Purpose } from './purposes.ts';
import { readLimit, type LimitReading } from './rate-limit-headers.ts';
import { currentPurpose, isAskedFirst } from './usage.ts';

/** Where the state of the budgets is shared with the other processes. */
export interface LimitLedger {
  read(installationId: number): Promise<Map<string, LimitState>>;
  write(installationId: number, resource: string, state: LimitState): Promise<void>;
}

/** Requests side by side per installation; GitHub refuses from 100 on, for all clients of it together. */
const CONCURRENCY = 10;
/** After a secondary limit half as many; one more each time that so many were answered. */
const ANSWERS_PER_PLACE = 50;
/** How long an answer of the ledger is good: another process's refusal is known here after so long. */
const LEDGER_FRESH_MS = 1000;
const LEDGER_WRITE_MS = 2000;

interface Bucket extends LimitState {
  inFlight: number;
  refusalsInARow: number;
  writtenAt: number;
}

/** What is left of a budget, and when (`Date.now()`) it returns. */
export interface Budget {
  remaining: number;
  resetsAt: number;
}

export interface Limiter {
  /** Waits for a place, then sends; a bucket without budget is not asked at all.
   *  @throws SyncError RATE_LIMITED or SECONDARY_RATE_LIMITED with `retryAfterMs` */
  run<T>(resource: string, send: () => Promise<T>): Promise<T>;
  /** Takes in what an answer said; called before its `run` ends. */
  record(resource: string, answer: Parameters<typeof readLimit>[0]): Promise<LimitReading>;
  /** As the answers told; null while none did. */
  budget(resource: string): Budget | null;
}

/** What is left of a budget is for more urgent purposes: they can still ask. */
export class BudgetKept extends SyncError {}

/**
 * Keeps one installation within its limits. The more urgent go first, and find a part of the budget left (`purposes.ts`).
 * A full bucket makes nobody wait here: it throws at once.
 */
export function createLimiter(
  installationId: number,
  ledger: LimitLedger,
  now: () => number = Date.now,
): Limiter {
  const buckets = new Map<string, Bucket>();
  const waiting: { rank: number; proceed: () => void }[] = [];
  let running = 0;
  let places = CONCURRENCY;
  let answered = 0;
  let ledgerReadAt = -Infinity;

  function bucketOf(resource: string): Bucket {
    let bucket = buckets.get(resource);
    if (!bucket) {
      bucket = {
        limit: null,
        remaining: null,
        resets_at: null,
        blocked_until: null,
        blocked_code: null,
        inFlight: 0,
        refusalsInARow: 0,
        writtenAt: -Infinity,
      };
      buckets.set(resource, bucket);
    }
    return bucket;
  }

  async function readLedger(): Promise<void> {
    if (now() - ledgerReadAt < LEDGER_FRESH_MS) return;
    ledgerReadAt = now();
    for (const [resource, state] of await ledger.read(installationId)) {
      const bucket = bucketOf(resource);
      if (after(state.blocked_until, bucket.blocked_until)) {
        bucket.blocked_until = state.blocked_until;
        bucket.blocked_code = state.blocked_code;
      }
      const { limit, remaining, resets_at } = state;
      if (until(bucket.resets_at, now()) <= 0) {
        // Only then: while our window lasts, a row with a later reset is an older reading, never a newer window.
        if (until(resets_at, now()) > 0) Object.assign(bucket, { limit, remaining, resets_at });
      } else if (
        remaining !== null &&
        bucket.remaining !== null &&
        isSameWindow(resets_at, bucket.resets_at)
      ) {
        bucket.remaining = Math.min(bucket.remaining, remaining);
      }
    }
  }

  function limited(code: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED', waitMs: number): SyncError {
    const words = `waiting for GitHub until ${timeOf(now() + waitMs)}`;
    return new SyncError(code, words, { retryAfterMs: waitMs });
  }

  function refuseIfBlocked(bucket: Bucket): void {
    const blockedFor = until(bucket.blocked_until, now());
    if (blockedFor > 0) throw limited(bucket.blocked_code ?? 'RATE_LIMITED', blockedFor);
  }

  /** True when the budget allows one more for this purpose besides those under way. */
  function hasBudget(bucket: Bucket, purpose: Purpose): boolean {
    const resetsIn = until(bucket.resets_at, now());
    if (bucket.remaining === null || resetsIn <= 0) return true;
    const spare = bucket.remaining - keptFrom(purpose, bucket.limit);
    if (spare > bucket.inFlight) return true;
    // The answers under way will tell.
    if (spare > 0 || (bucket.remaining <= 0 && bucket.inFlight > 0)) return false;
    if (bucket.remaining <= 0) throw limited('RATE_LIMITED', resetsIn + 1000);
    const words = `what is left of the budget is kept from ${purpose} until ${timeOf(now() + resetsIn)}`;
    throw new BudgetKept('RATE_LIMITED', words, { retryAfterMs: resetsIn + 1000 });
  }

  async function run<T>(resource: string, send: () => Promise<T>): Promise<T> {
    await readLedger();
    const bucket = bucketOf(resource);
    const purpose = currentPurpose();
    const rank = purposes.indexOf(purpose) - (isAskedFirst() ? 0.5 : 0);
    for (;;) {
      refuseIfBlocked(bucket);
      if (running < places && hasBudget(bucket, purpose)) break;
      await new Promise<void>((proceed) => waiting.push({ rank, proceed }));
    }
    running += 1;
    bucket.inFlight += 1;
    try {
      return await send();
    } finally {
      running -= 1;
      bucket.inFlight -= 1;
      // All are woken, the most urgent first: which of them may go depends on their buckets, and there are few.
      for (const { proceed } of waiting.splice(0).toSorted((a, b) => a.rank - b.rank)) proceed();
    }
  }

  async function record(resource: string, answer: Parameters<typeof readLimit>[0]): Promise<LimitReading> {
    const reading = readLimit(answer, resource, bucketOf(resource).refusalsInARow, now());
    const bucket = bucketOf(resource);
    if (reading.remaining !== null) {
      // Answers overtake each other: within one window the least is the newest.
      bucket.remaining =
        bucket.remaining !== null && isSameWindow(bucket.resets_at, iso(reading.resetsAt))
          ? Math.min(bucket.remaining, reading.remaining)
          : reading.remaining;
      bucket.limit = reading.limit;
      bucket.resets_at = iso(reading.resetsAt);
    }
    // A secondary limit is shared by REST and GraphQL.
    const refused = reading.blockedCode === 'SECONDARY_RATE_LIMITED' ? ['core', 'graphql'] : [resource];
    if (reading.blockedUntil !== null) {
      for (const name of refused) {
        Object.assign(bucketOf(name), {
          blocked_until: iso(reading.blockedUntil),
          blocked_code: reading.blockedCode,
        });
      }
      bucket.refusalsInARow += 1;
      if (reading.blockedCode === 'SECONDARY_RATE_LIMITED') {
        // Of ten side by side as many are refused: they are one refusal.
        if (answered > 0) places = Math.max(1, Math.floor(places / 2));
        answered = 0;
      }
    } else if (answer.status < 400) {
      bucket.refusalsInARow = 0;
      answered += 1;
      if (answered % ANSWERS_PER_PLACE === 0) places = Math.min(CONCURRENCY, places + 1);
    }
    const urgent = reading.blockedUntil !== null || bucket.remaining === 0;
    for (const name of urgent ? refused : [resource]) await save(name, urgent);
    return reading;
  }

  async function save(resource: string, urgent: boolean): Promise<void> {
    const bucket = bucketOf(resource);
    if (!urgent && now() - bucket.writtenAt < LEDGER_WRITE_MS) return;
    bucket.writtenAt = now();
    const { limit, remaining, resets_at, blocked_until, blocked_code } = bucket;
    await ledger.write(installationId, resource, {
      limit,
      remaining,
      resets_at,
      blocked_until,
      blocked_code,
    });
  }

  function budget(resource: string): Budget | null {
    const { remaining = null, resets_at: resetsAt = null } = buckets.get(resource) ?? {};
    return remaining === null || resetsAt === null ? null : { remaining, resetsAt: Date.parse(resetsAt) };
  }

  return { run, record, budget };
}

/** `14:32:10 UTC` */
function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

function until(time: string | null, from: number): number {
  return time === null ? -Infinity : Date.parse(time) - from;
}

/** Resets are read in whole seconds, each against a clock of its own. */
function isSameWindow(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && Math.abs(Date.parse(a) - Date.parse(b)) < 2000;
}

function after(a: string | null, b: string | null): boolean {
  return a !== null && (b === null || Date.parse(a) > Date.parse(b));
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
