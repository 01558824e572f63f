/** What an answer's headers and body say about the budget it was charged to. */
export interface LimitReading {
  resource: string;
  limit: number | null;
  remaining: number | null;
  /** when the budget returns, by our clock: GitHub's reset less GitHub's own `date` */
  resetsAt: number | null;
  /** set when this answer is a refusal: no request before, by our clock */
  blockedUntil: number | null;
  blockedCode: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED' | null;
}

type Headers = Record<string, string | number | undefined>;

const MINUTE = 60_000;
/** A reset is in whole seconds: a request within that second could still be refused. */
const RESET_MARGIN = 1000;

/**
 * Primary limit: 403 or 429 with nothing remaining, wait for the reset; GraphQL says it inside a 200 with an
 * error of type RATE_LIMITED or RATE_LIMIT. Secondary limit: wait `retry-after`, else a minute and longer each
 * time in a row (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
 *
 * @param refusalsInARow secondary refusals before this one, without a success between
 */
export function readLimit(
  answer: { status: number; headers: Headers; message: string; graphqlErrorTypes: readonly string[] },
  fallbackResource: string,
  refusalsInARow: number,
  now: number,
): LimitReading {
  const { status, headers, message } = answer;
  const limit = number(headers['x-ratelimit-limit']);
  const remaining = number(headers['x-ratelimit-remaining']);
  const reset = number(headers['x-ratelimit-reset']);
  const githubNow = headers['date'] === undefined ? now : Date.parse(String(headers['date']));
  const resetsAt = reset === null ? null : now + Math.max(0, reset * 1000 - githubNow);
  const resource = String(headers['x-ratelimit-resource'] ?? fallbackResource);
  const reading = { resource, limit, remaining, resetsAt };

  const refused = status === 403 || status === 429;
  const secondary = /secondary rate limit|abuse detection/i.test(message);
  const retryAfter = number(headers['retry-after']);
  const limitedByGraphql = answer.graphqlErrorTypes.some(
    (type) => type === 'RATE_LIMITED' || type === 'RATE_LIMIT',
  );
  if ((refused && (secondary || retryAfter !== null || status === 429)) || (secondary && limitedByGraphql)) {
    if (secondary || remaining !== 0) {
      const wait = retryAfter === null ? MINUTE * 2 ** Math.min(refusalsInARow, 5) : retryAfter * 1000;
      return { ...reading, blockedUntil: now + wait, blockedCode: 'SECONDARY_RATE_LIMITED' };
    }
  }
  if ((refused && remaining === 0) || limitedByGraphql) {
    const until = resetsAt === null ? now + MINUTE : resetsAt + RESET_MARGIN;
    return { ...reading, blockedUntil: until, blockedCode: 'RATE_LIMITED' };
  }
  return { ...reading, blockedUntil: null, blockedCode: null };
}

function number(value: string | number | undefined): number | null {
  const parsed = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}
