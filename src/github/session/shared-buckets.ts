import type { LimitState } from '../../model.ts';
import { emptyBucket, takeState, until, type Bucket } from './bucket.ts';

/** Where processes share the state of rate limits. */
export interface LimitLedger {
  read(installationId: number): Promise<Map<string, LimitState>>;
  write(installationId: number, resource: string, state: LimitState): Promise<void>;
}

/** How long an answer of the ledger is valid: another process's refusal is known here after this long. */
const LEDGER_FRESH_MS = 1000;
const LEDGER_WRITE_MS = 2000;

/** What remains of a rate limit, and when (`Date.now()`) it resets. */
export interface Budget {
  remaining: number;
  resetsAt: number;
}

/** The buckets of one installation, shared by all processes. */
export interface SharedBuckets {
  bucketOf: (resource: string) => Bucket;
  /** Applies what the other processes have met. */
  read: () => Promise<void>;
  /** Shares what is known of a bucket: at once (`urgent`), or from time to time. */
  save: (resource: string, urgent: boolean) => Promise<void>;
  /** As reported by answers; null until one did. */
  budget: (resource: string) => Budget | null;
}

export function createSharedBuckets(
  installationId: number,
  ledger: LimitLedger,
  now: () => number,
): SharedBuckets {
  const buckets = new Map<string, Bucket>();
  let ledgerReadAt = -Infinity;

  function bucketOf(resource: string): Bucket {
    const bucket = buckets.get(resource) ?? emptyBucket();
    buckets.set(resource, bucket);
    return bucket;
  }

  /** Not of a time that is still to come: then the clock was set back. */
  function isWithin(ms: number, at: number): boolean {
    return Math.abs(now() - at) < ms;
  }

  async function read(): Promise<void> {
    if (isWithin(LEDGER_FRESH_MS, ledgerReadAt)) return;
    ledgerReadAt = now();
    for (const [resource, state] of await ledger.read(installationId)) {
      takeState(bucketOf(resource), state, now());
    }
  }

  async function save(resource: string, urgent: boolean): Promise<void> {
    const bucket = bucketOf(resource);
    if (!urgent && isWithin(LEDGER_WRITE_MS, bucket.writtenAt)) return;
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
    if (remaining === null || resetsAt === null || until(resetsAt, now()) === -Infinity) return null;
    return { remaining, resetsAt: Date.parse(resetsAt) };
  }

  return { bucketOf, read, save, budget };
}
