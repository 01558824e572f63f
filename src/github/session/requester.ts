import { RequestError } from '@octokit/request-error';
import { SyncError } from '../../errors.ts';
import { toAnswer, type Answer } from './answer.ts';
import type { Refusals } from './refusals.ts';
import type { Send, Sending } from './sender.ts';
import { atBase } from './server.ts';
import { isMinting, translateError } from './translate-error.ts';
import { currentSignal } from './usage.ts';

export interface RequestOptions {
  apiUrl: string;
  /** called for every answer, and for every request that GitHub as a whole failed to answer */
  onReachable?: ((reachable: boolean) => void) | undefined;
}

/**
 * Sends a request of a session.
 *
 * @param path under the API's root, or a whole URL
 * @param resource the rate limit that it counts against: `core` or `graphql`
 * @param allow statuses that are answers here, not errors
 * @throws SyncError
 */
type Requester = (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  resource: string,
  allow: readonly number[],
  sending?: Sending,
) => Promise<Answer>;

/** Requests whose failures are errors of our own, each of which says what it concerns. */
export function createRequester(
  { apiUrl, onReachable }: RequestOptions,
  refusals: Refusals,
  send: Send,
): Requester {
  const request: Requester = async (method, path, resource, allow, sending = {}) => {
    // `Link` may use the server's own name.
    const url = resource === 'graphql' ? path : atBase(apiUrl, path);
    const what = `${method} ${new URL(url).pathname}`;
    try {
      const response = await send(method, url, resource, sending);
      onReachable?.(true);
      if (method === 'GET' && isWithoutAnswer(response.status, sending.redirect))
        throw new SyncError(
          'GITHUB_BAD_ANSWER',
          `${what}: ${response.status}, without the requested content`,
        );
      refusals.answered(new URL(url).pathname);
      return toAnswer(apiUrl, response);
    } catch (error) {
      // If no token could be created, that is not an answer to the request: its 404 proves no absence.
      const answered = error instanceof RequestError && !isMinting(error);
      if (answered && error.response && allow.includes(error.status)) {
        return toAnswer(apiUrl, error.response);
      }
      throw await failureOf(error, what, resource, url);
    }
  };

  /** What a caller is told of a failed request; whether GitHub is reachable is noted. */
  async function failureOf(error: unknown, what: string, resource: string, url: string): Promise<SyncError> {
    const translated = translateError(error, what);
    // A request that was aborted here says nothing about GitHub. Nor does GraphQL's own failure, which may
    // concern one repository.
    const isGraphqlFailure =
      resource === 'graphql' && error instanceof RequestError && error.response !== undefined;
    if (currentSignal()?.aborted !== true && !isGraphqlFailure)
      onReachable?.(translated.code !== 'GITHUB_UNAVAILABLE');
    if (translated.code === 'ACCESS_REFUSED')
      return refusals.judge(new URL(url).pathname, translated.message);
    return isGraphqlFailure ? asGraphqlFailure(translated) : translated;
  }

  return request;
}

/** GraphQL reports what is gone or blocked inside its answer: a status that says so is a proxy's, or there is no GraphQL. */
function asGraphqlFailure(error: SyncError): SyncError {
  const isStatus = error.code === 'NOT_FOUND' || error.code === 'REPOSITORY_BLOCKED';
  return isStatus ? new SyncError('GITHUB_BAD_ANSWER', error.message, { cause: error }) : error;
}

/**
 * A success without content (202 "not ready yet", 204), or a redirect that could not be followed because it leads nowhere:
 * it means neither an empty list nor a kind that is switched off.
 */
function isWithoutAnswer(status: number, redirect: Sending['redirect']): boolean {
  return (status > 200 && status < 300) || (redirect !== 'manual' && status >= 300 && status < 400);
}
