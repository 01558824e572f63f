import { LONGEST_LIMIT_MS } from '../../time.ts';

/** What an answer's headers and body say about its rate limit. */
export interface LimitReading {
  resource: string;
  limit: number | null;
  remaining: number | null;
  /** when the limit resets, by our clock: GitHub's reset minus GitHub's own `date` */
  resetsAt: number | null;
  /** set if this answer is a refusal: no request before this time, by our clock */
  blockedUntil: number | null;
  blockedCode: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED' | null;
}

type Headers = Record<string, string | number | undefined>;

const MINUTE = 60_000;
/** A reset has whole seconds: a request within that second could still be refused. */
const RESET_MARGIN = 1000;

/** The longest pause requested by GitHub that is believed. */
const LONGEST_PAUSE = 3_600_000;
/**
 * The limit of an address without credentials
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 */
const ANONYMOUS_LIMIT = 60;

/** The largest `int` of PostgreSQL. */
const LARGEST_COUNT = 2 ** 31 - 1;

export interface LimitAnswer {
  status: number;
  headers: Headers;
  message: string;
  graphqlErrorTypes: readonly string[];
  /** for credentials other than those of this rate limit */
  isNotOurs?: boolean;
}

/**
 * Primary limit: 403 or 429 with nothing remaining, wait for the reset; GraphQL says it inside a 200, with an
 * error of type RATE_LIMITED or RATE_LIMIT. Secondary limit: wait `retry-after`, else a minute, increasing with
 * consecutive refusals (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 *
 * An answer to other credentials (401, a redirect, the anonymous limit, another resource) says nothing about
 * this limit.
 *
 * @param refusalsInARow consecutive refusals before this one
 */
export function readLimit(
  answer: LimitAnswer,
  fallbackResource: string,
  refusalsInARow: number,
  now: number,
): LimitReading {
  const { status, headers, message } = answer;
  const date = Date.parse(String(headers['date']));
  const githubNow = Number.isNaN(date) ? now : date;
  const resource = String(headers['x-ratelimit-resource'] ?? fallbackResource);
  const ours = !isNotOurs(answer) && resource === fallbackResource;
  const limit = ours ? count(headers['x-ratelimit-limit']) : null;
  const remaining = ours ? count(headers['x-ratelimit-remaining']) : null;
  const reset = ours ? number(headers['x-ratelimit-reset']) : null;
  const resetIn = reset === null ? null : Math.max(0, reset * 1000 - githubNow);
  const resetsAt = resetIn === null || resetIn > LONGEST_LIMIT_MS ? null : now + resetIn;
  const reading = { resource, limit, remaining, resetsAt };

  const refused = status === 403 || status === 429;
  const secondary = /secondary rate limit|abuse detection/i.test(message);
  const retryAfter = pause(headers['retry-after'], githubNow);
  // Proxies may drop the headers, and GraphQL's errors may lack a type: then only the message tells.
  const primary = !secondary && !isNotOurs(answer) && /\brate limit\b.*\bexceeded\b/i.test(message);
  const limitedByGraphql =
    answer.graphqlErrorTypes.some((type) => type === 'RATE_LIMITED' || type === 'RATE_LIMIT') ||
    (status === 200 && (primary || secondary));
  const longer = 2 ** Math.min(refusalsInARow, 5);
  const asksToWait = secondary || retryAfter !== null || (ours && status === 429);
  if ((refused && asksToWait) || (secondary && limitedByGraphql)) {
    if (secondary || remaining !== 0) {
      const wait = retryAfter ?? MINUTE * longer;
      return { ...reading, blockedUntil: now + wait, blockedCode: 'SECONDARY_RATE_LIMITED' };
    }
  }
  if ((refused && (remaining === 0 || primary)) || limitedByGraphql) {
    // The reset has passed, but it is still a refusal: do not retry at once, and later each time.
    const until =
      resetsAt === null || remaining !== 0
        ? now + MINUTE
        : Math.max(resetsAt, now + 1000 * (longer - 1)) + RESET_MARGIN;
    return { ...reading, blockedUntil: until, blockedCode: 'RATE_LIMITED' };
  }
  return { ...reading, blockedUntil: null, blockedCode: null };
}

function isNotOurs({ status, headers, isNotOurs: known = false }: LimitAnswer): boolean {
  const redirected = status >= 300 && status < 400;
  return known || status === 401 || redirected || number(headers['x-ratelimit-limit']) === ANONYMOUS_LIMIT;
}

/** `retry-after` in milliseconds: seconds or a date (RFC 9110), at least one second; null if it is neither. */
function pause(value: string | number | undefined, githubNow: number): number | null {
  if (value === undefined || value === '') return null;
  const seconds = number(value);
  const ms = seconds === null ? Date.parse(String(value)) - githubNow : seconds * 1000;
  return Number.isNaN(ms) ? null : Math.min(LONGEST_PAUSE, Math.max(1000, ms));
}

/** A whole number; null if the ledger's `int` cannot hold it: a server without limits may send any. */
function count(value: string | number | undefined): number | null {
  const shown = number(value);
  return shown === null || shown > LARGEST_COUNT ? null : Math.max(0, Math.floor(shown));
}

function number(value: string | number | undefined): number | null {
  const parsed = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}
