import { RequestError } from '@octokit/request-error';
import { SyncError } from '../../errors.ts';
import { graphqlErrors, setAside } from './graphql-errors.ts';
import type { Credentials, Refused } from './installation-octokit.ts';
import type { Limiter } from './limiter.ts';
import { parseLinks, type Links } from './links.ts';
import { createRefusals, isForbidden } from './refusals.ts';
import { atBase, serverOf, type GitHubServer } from './server.ts';
import { currentSignal } from './usage.ts';
import { bodyMessage, isMinting, translateError } from './translate-error.ts';

/** One answer of GitHub's. `data` is unread: every caller parses what it uses. */
export interface Answer {
  status: number;
  data: unknown;
  links: Links;
  /** GitHub's clock, ISO 8601 */
  date: string;
  /** where the answer came from, after redirects */
  url: string;
  /** where a redirect that was not followed leads */
  location?: string | undefined;
}

/** How long and how often one request is tried; what the client was made with unless given. */
interface Patience {
  /** quick retries of a 5xx or a broken connection */
  retries: number;
  /** for all of its tries together */
  withinMs: number;
}

/** GitHub as one installation sees it, or as the App itself (`installationId` null). */
export interface GitHubSession {
  installationId: number | null;
  /** false once GitHub has shown that it does not know `/repositories/{id}`, which its documents leave out */
  idPaths: boolean;
  readonly server: GitHubServer;
  /**
   * GET of a path below the API's root, or of a whole URL from a `Link` header.
   *
   * @param allow statuses that are answers here, not errors (404, 409, 410, …)
   * @throws SyncError
   */
  get(path: string, allow?: readonly number[], patience?: Patience): Promise<Answer>;
  /** As `get`, but a redirect is an answer. */
  getUnfollowed(path: string, allow?: readonly number[]): Promise<Answer>;
  post(path: string, allow?: readonly number[]): Promise<Answer>;
  patch(path: string, body: Record<string, unknown>): Promise<Answer>;
  /**
   * `data` of a GraphQL question, unread. Any entry in `errors` is an error, whatever `data` holds; but for one
   * about a single one of `elements` (`nodes`, `node.refs.nodes`), which is null then, or not there where it is a field.
   *
   * @throws SyncError
   */
  graphql(query: string, variables: Record<string, unknown>, elements?: string): Promise<Answer>;
  /** Told what the installation is allowed now: a token minted before that is renewed. */
  expect(permissions: Readonly<Record<string, string>>): void;
}

interface Sending {
  body?: Record<string, unknown>;
  patience?: Patience | undefined;
  redirect?: 'manual';
}

// 2022-11-28 has `merge_commit_sha`, which 2026-03-10 removed
// (https://docs.github.com/rest/about-the-rest-api/breaking-changes).
const API_VERSION = '2022-11-28';

/** GitHub as `authenticated` sees it, within what `limiter` allows. */
export function createSession(
  { apiUrl, onReachable }: { apiUrl: string; onReachable?: ((reachable: boolean) => void) | undefined },
  installationId: number | null,
  limiter: Limiter,
  credentials: Credentials,
): GitHubSession {
  const refusals = createRefusals(credentials);
  async function send(method: string, url: string, resource: string, { body, patience, redirect }: Sending) {
    const attempt = async (refused: Refused) => {
      const octokit = await credentials.octokit(refused);
      return octokit.request({
        method,
        url,
        headers: { 'x-github-api-version': API_VERSION },
        ...body,
        request: {
          ...(redirect && { redirect }),
          ...(patience && { retries: patience.retries, signal: AbortSignal.timeout(patience.withinMs) }),
        },
      });
    };
    return limiter.run(resource, async () => {
      try {
        const response = await attempt(null).catch((error: unknown) => {
          if (error instanceof RequestError && error.status === 401 && installationId !== null)
            return attempt('unauthorized');
          // The token may be older than a grant, and some such refusals pass at once.
          if (isForbidden(error) && installationId !== null) return attempt('forbidden');
          // GraphQL's own failure inside a 200, asked again already: its caller reads what it is about.
          if (error instanceof RequestError && error.response?.status === 200) return error.response;
          throw error;
        });
        const types = graphqlErrors(response.data).map(({ type }) => type);
        const message = graphqlErrors(response.data)
          .map((error) => error.message)
          .join('; ');
        const reading = await limiter.record(resource, { ...response, message, graphqlErrorTypes: types });
        if (reading.blockedCode !== null) throw refusal(reading.blockedCode, reading.blockedUntil, message);
        return response;
      } catch (error) {
        if (!(error instanceof RequestError) || !error.response) throw error;
        const message = bodyMessage(error);
        const { status, headers } = error.response;
        const reading = await limiter.record(resource, {
          status,
          headers,
          message,
          graphqlErrorTypes: [],
          // A token is minted with the App's credentials, not the installation's.
          isNotOurs: installationId !== null && isMinting(error),
        });
        if (reading.blockedCode !== null) throw refusal(reading.blockedCode, reading.blockedUntil, message);
        throw error;
      }
    });
  }

  async function ask(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    resource: string,
    allow: readonly number[],
    sending: Sending = {},
  ): Promise<Answer> {
    // `Link` may name the server as it calls itself.
    const url = resource === 'graphql' ? path : atBase(apiUrl, path);
    const what = `${method} ${new URL(url).pathname}`;
    try {
      const response = await send(method, url, resource, sending);
      onReachable?.(true);
      if (method === 'GET' && isWithoutAnswer(response.status))
        throw new SyncError('GITHUB_BAD_ANSWER', `${what}: ${response.status}, without what was asked for`);
      refusals.answered(new URL(url).pathname);
      return answer(apiUrl, response);
    } catch (error) {
      // A token that could not be minted is no answer to what was asked: its 404 proves no absence.
      const answered = error instanceof RequestError && !isMinting(error);
      if (answered && error.response && allow.includes(error.status)) {
        return answer(apiUrl, error.response);
      }
      const translated = translateError(error, what);
      // What was given up here tells nothing of GitHub.
      if (currentSignal()?.aborted !== true) onReachable?.(translated.code !== 'GITHUB_UNAVAILABLE');
      if (translated.code === 'ACCESS_REFUSED')
        throw await refusals.judge(new URL(url).pathname, translated.message);
      throw translated;
    }
  }

  return {
    installationId,
    idPaths: true,
    server: serverOf(apiUrl),
    expect: (permissions) => credentials.expect(permissions),
    get: (path, allow = [], patience) => ask('GET', path, 'core', allow, { patience }),
    getUnfollowed: (path, allow = []) => ask('GET', path, 'core', allow, { redirect: 'manual' }),
    post: (path, allow = []) => ask('POST', path, 'core', allow),
    // As `data`: a field named `url` would be taken for the request's own.
    patch: (path, body) => ask('PATCH', path, 'core', [], { body: { data: body } }),
    graphql: async (query, variables, elements) => {
      const result = await ask('POST', graphqlUrl(apiUrl), 'graphql', [], { body: { query, variables } });
      const failure = setAside(result.data, elements);
      if (failure !== null) throw new SyncError(failure.code, `GraphQL: ${failure.message}`.slice(0, 500));
      return result;
    },
  };
}

/** GraphQL of GitHub Enterprise Server is beside its REST root, elsewhere below it. */
function graphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? `${apiUrl.slice(0, -'/v3'.length)}/graphql` : `${apiUrl}/graphql`;
}

/** A success that shows nothing (202 "not ready yet", 204): no list is empty, and no kind switched off, for it. */
function isWithoutAnswer(status: number): boolean {
  return status > 200 && status < 300;
}

function answer(
  apiUrl: string,
  {
    status,
    data,
    headers,
    url,
  }: { status: number; data: unknown; headers: Record<string, unknown>; url: string },
): Answer {
  const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN;
  const { next, last } = parseLinks(headers['link']);
  return {
    status,
    data,
    url,
    location: typeof headers['location'] === 'string' ? headers['location'] : undefined,
    links: { next: link(apiUrl, next), last: link(apiUrl, last) },
    date: new Date(Number.isNaN(date) ? Date.now() : date).toISOString(),
  };
}

function link(apiUrl: string, address: string | null): string | null {
  return address === null || !URL.canParse(address, apiUrl) ? null : atBase(apiUrl, address);
}

function refusal(
  code: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED',
  until: number | null,
  message: string,
): SyncError {
  return new SyncError(code, message.slice(0, 300), { retryAfterMs: Math.max(0, (until ?? 0) - Date.now()) });
}
