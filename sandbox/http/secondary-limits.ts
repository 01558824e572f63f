/** Secondary rate limits: concurrency, and points a minute for each endpoint. Source: "Rate limits for the REST API". */
import type { World } from '../world/world.ts';
import { HttpError } from './http-error.ts';

const CONCURRENT = 100;
const POINTS_PER_MINUTE = { core: 900, graphql: 2000 };

export interface SecondaryLimits {
  /** Whether they are enforced. */
  enabled: boolean;
  /** Counts a request in; the result counts it out. Throws HttpError 403 with Retry-After where a limit is exceeded. */
  enter(caller: string, endpoint: string, resource: 'core' | 'graphql', points: number): () => void;
}

/** The error of an exceeded secondary limit; `retryAfter` null leaves the header out, as GitHub does at times. */
export function secondaryError(retryAfter: number | null, status = 403): HttpError {
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  const text = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return new HttpError(status, text, {}, headers);
}

/** Counters per caller, and per caller and endpoint in windows of a minute. */
export function createSecondaryLimits(world: World, enabled: boolean): SecondaryLimits {
  const running = new Map<string, number>();
  const windows = new Map<string, { until: number; points: number }>();
  const limits: SecondaryLimits = {
    enabled,
    enter: (caller, endpoint, resource, points) => {
      if (!limits.enabled) return () => undefined;
      const now = world.clock.wall();
      const key = `${caller} ${endpoint}`;
      const known = windows.get(key);
      const window = known && known.until > now ? known : { until: now + 60_000, points: 0 };
      windows.set(key, window);
      window.points += points;
      const count = (running.get(caller) ?? 0) + 1;
      if (count > CONCURRENT) throw secondaryError(60);
      if (window.points > POINTS_PER_MINUTE[resource]) {
        throw secondaryError(Math.ceil((window.until - now) / 1000));
      }
      running.set(caller, count);
      return () => {
        running.set(caller, (running.get(caller) ?? 1) - 1);
      };
    },
  };
  return limits;
}
