/** Primary rate limits: one bucket per installation and resource, an hour long, as GitHub's headers tell them. */
import { repositoryCount } from '../world/access.ts';
import type { World } from '../world/world.ts';
import type { Caller } from './call.ts';

export type Resource = 'core' | 'graphql';

export interface Bucket {
  limit: number;
  used: number;
  remaining: number;
  /** Epoch seconds. */
  reset: number;
}

interface Account {
  limit: number | null;
  used: number;
  reset: number;
}

export interface Limits {
  /** 403 and 429 are both GitHub's spelling of "primary limit exceeded". */
  primaryStatus: 403 | 429;
  /** The type of the GraphQL error for the same. */
  graphqlType: 'RATE_LIMITED' | 'RATE_LIMIT';
  read(caller: string, resource: Resource): Bucket;
  spend(caller: string, resource: Resource, points: number): void;
  /** Sets what is given, for tests; `limit: null` goes back to the computed limit. */
  set(
    caller: string,
    resource: Resource,
    values: Partial<Omit<Bucket, 'limit'>> & { limit?: number | null },
  ): Bucket;
}

/** Whose bucket a caller draws from: an installation's id, `app`, or `anonymous`. */
export function bucketOf(caller: Caller): string {
  if (caller.kind === 'installation') return String(caller.installation.id);
  return caller.kind === 'app' ? 'app' : 'anonymous';
}

/**
 * The limit GitHub gives: 5,000 an hour, 50 more for each repository above 20, at most 12,500; 60 without authentication.
 * Source: "Rate limits for the REST API"; whether the formula counts all or only those above 20 is not said.
 */
function computedLimit(world: World, caller: string): number {
  if (caller === 'anonymous') return 60;
  const installation = world.state.installations.get(Number(caller));
  if (!installation) return 5000;
  const above = Math.max(0, repositoryCount(world, installation) - 20);
  return Math.min(12_500, 5000 + 50 * above);
}

/** Buckets that start full and run by the world's wall clock. */
export function createLimits(world: World): Limits {
  const accounts = new Map<string, Account>();
  function account(caller: string, resource: Resource): Account {
    const key = `${caller}:${resource}`;
    const now = Math.floor(world.clock.wall() / 1000);
    const known = accounts.get(key);
    if (known && known.reset > now) return known;
    const fresh = { limit: known?.limit ?? null, used: 0, reset: now + 3600 };
    accounts.set(key, fresh);
    return fresh;
  }
  function read(caller: string, resource: Resource): Bucket {
    const { limit: set, used, reset } = account(caller, resource);
    const limit = set ?? computedLimit(world, caller);
    return { limit, used, remaining: Math.max(0, limit - used), reset };
  }
  return {
    primaryStatus: 403,
    graphqlType: 'RATE_LIMITED',
    read,
    spend: (caller, resource, points) => {
      account(caller, resource).used += points;
    },
    set: (caller, resource, values) => {
      const bucket = account(caller, resource);
      if (values.limit !== undefined) bucket.limit = values.limit;
      if (values.reset !== undefined) bucket.reset = values.reset;
      if (values.used !== undefined) bucket.used = values.used;
      if (values.remaining !== undefined) bucket.used = read(caller, resource).limit - values.remaining;
      return read(caller, resource);
    },
  };
}

/** The `x-ratelimit-*` headers of every answer. */
export function limitHeaders(bucket: Bucket, resource: Resource): Record<string, string> {
  return {
    'x-ratelimit-limit': String(bucket.limit),
    'x-ratelimit-remaining': String(bucket.remaining),
    'x-ratelimit-used': String(bucket.used),
    'x-ratelimit-reset': String(bucket.reset),
    'x-ratelimit-resource': resource,
  };
}
