import { RequestError } from '@octokit/request-error';
import { SyncError } from '../../errors.ts';
import { graphqlErrors } from './graphql-errors.ts';
import type { Credentials, Refused } from './installation-octokit.ts';
import type { Limiter } from './limiter.ts';
import type { LimitAnswer, LimitReading } from './rate-limit-headers.ts';
import { isForbidden } from './refusals.ts';
import { bodyMessage, isMinting } from './translate-error.ts';

/** The timeout and the retries of one request; the client's defaults unless given. */
export interface Patience {
  /** quick retries of a 5xx or a broken connection */
  retries: number;
  /** for all of its attempts together */
  withinMs: number;
}

export interface Sending {
  body?: Record<string, unknown>;
  patience?: Patience | undefined;
  redirect?: 'manual';
  /** numbers whose digits JavaScript would change are `JSON.rawJSON` */
  exactNumbers?: boolean;
}

// 2022-11-28 has `merge_commit_sha`, which 2026-03-10 removed
// (https://docs.github.com/rest/about-the-rest-api/breaking-changes).
const API_VERSION = '2022-11-28';

/**
 * Sends requests within what `limiter` allows, with a new token if the current one is refused, and reports to
 * the limiter what each answer says about the rate limit.
 *
 * @throws RequestError as Octokit does; SyncError RATE_LIMITED or SECONDARY_RATE_LIMITED
 */
export function createSender(limiter: Limiter, credentials: Credentials, installationId: number | null) {
  const { recordAnswer, recordError } = createRecorder(limiter, installationId);

  async function attempt(
    method: string,
    url: string,
    { body, patience, redirect, exactNumbers }: Sending,
    refused: Refused,
  ) {
    const octokit = await credentials.octokit(refused);
    return octokit.request({
      method,
      url,
      headers: { 'x-github-api-version': API_VERSION },
      ...body,
      request: {
        ...(redirect && { redirect }),
        ...(exactNumbers && { exactNumbers }),
        ...(patience && { retries: patience.retries, signal: AbortSignal.timeout(patience.withinMs) }),
      },
    });
  }

  async function attemptWithRenewal(method: string, url: string, sending: Sending) {
    try {
      return await attempt(method, url, sending, null);
    } catch (error) {
      if (error instanceof RequestError && error.status === 401 && installationId !== null)
        return attempt(method, url, sending, 'unauthorized');
      // The token may be older than a grant, and some such refusals are transient.
      if (isForbidden(error) && installationId !== null) return attempt(method, url, sending, 'forbidden');
      // GraphQL's own failure inside a 200, already retried: its caller reads what it is about.
      if (error instanceof RequestError && error.response?.status === 200) return error.response;
      throw error;
    }
  }

  return async function send(method: string, url: string, resource: string, sending: Sending) {
    return limiter.run(resource, async () => {
      try {
        const response = await attemptWithRenewal(method, url, sending);
        await recordAnswer(resource, response);
        return response;
      } catch (error) {
        if (error instanceof RequestError) await recordError(resource, error);
        throw error;
      }
    });
  };
}

export type Send = ReturnType<typeof createSender>;

/** Reports to the limiter what an answer says of the limits. */
function createRecorder(limiter: Limiter, installationId: number | null) {
  async function recordAnswer(
    resource: string,
    response: Pick<LimitAnswer, 'status' | 'headers'> & { data: unknown },
  ): Promise<void> {
    const errors = graphqlErrors(response.data);
    const message = errors.map((error) => error.message).join('; ');
    const graphqlErrorTypes = errors.map(({ type }) => type);
    const reading = await limiter.record(resource, { ...response, message, graphqlErrorTypes });
    assertNotBlocked(reading, message);
  }

  async function recordError(resource: string, error: RequestError): Promise<void> {
    if (!error.response) return;
    const { status, headers } = error.response;
    const message = bodyMessage(error);
    const reading = await limiter.record(resource, {
      status,
      headers,
      message,
      graphqlErrorTypes: [],
      // A token is created with the App's credentials, not the installation's.
      isNotOurs: installationId !== null && isMinting(error),
    });
    assertNotBlocked(reading, message);
  }

  return { recordAnswer, recordError };
}

function assertNotBlocked({ blockedCode, blockedUntil }: LimitReading, message: string): void {
  if (blockedCode === null) return;
  const retryAfterMs = Math.max(0, (blockedUntil ?? 0) - Date.now());
  throw new SyncError(blockedCode, message.slice(0, 300), { retryAfterMs });
}
