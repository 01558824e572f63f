import { RequestError } from '@octokit/request-error';
import { SyncError } from '../../errors.ts';
import { setAside } from './graphql-errors.ts';
import type { Credentials } from './installation-octokit.ts';
import type { Limiter } from './limiter.ts';
import { parseLinks, type Links } from './links.ts';
import { createRefusals } from './refusals.ts';
import { createSender, type Patience, type Sending } from './sender.ts';
import { atBase, serverOf, type GitHubServer } from './server.ts';
import { currentSignal } from './usage.ts';
import { isMinting, translateError } from './translate-error.ts';

/** One of GitHub's answers. `data` is unparsed: every caller parses what it uses. */
export interface Answer {
  status: number;
  data: unknown;
  links: Links;
  /** GitHub's time, ISO 8601 */
  date: string;
  /** where the answer came from, after redirects */
  url: string;
  /** the target of a redirect that was not followed */
  location?: string | undefined;
}

/** GitHub as one installation sees it, or as the App itself (`installationId` null). */
export interface GitHubSession {
  installationId: number | null;
  /** false once GitHub has shown that it does not know `/repositories/{id}`, which its documentation omits */
  idPaths: boolean;
  readonly server: GitHubServer;
  /**
   * GET of a path under the API's root, or of a whole URL from a `Link` header.
   *
   * @param allow statuses that are answers here, not errors (404, 409, 410, …)
   * @throws SyncError
   */
  get(path: string, allow?: readonly number[], patience?: Patience): Promise<Answer>;
  /** Like `get`, but what is stored as JSON again has the numbers that GitHub sent: some are `JSON.rawJSON`. */
  getExact(path: string, allow?: readonly number[]): Promise<Answer>;
  /** Like `get`, but a redirect is an answer. */
  getUnfollowed(path: string, allow?: readonly number[]): Promise<Answer>;
  post(path: string, allow?: readonly number[]): Promise<Answer>;
  patch(path: string, body: Record<string, unknown>): Promise<Answer>;
  /**
   * The `data` of a GraphQL query, unparsed. Any entry in `errors` is an error, whatever `data` contains,
   * unless it is about a single one of `elements` (`nodes`, `node.refs.nodes`): that one is then null, or
   * absent if it is a field.
   *
   * @throws SyncError
   */
  graphql(
    query: string,
    variables: Record<string, unknown>,
    elements?: string,
    patience?: Patience,
  ): Promise<Answer>;
  /**
   * Creates a token if there is none, concurrently with other requests. If that fails, the first request that
   * needs the token fails as well, and reports why.
   *
   * @returns whether there is a token
   */
  authenticate(): Promise<boolean>;
  /** Sets the installation's current permissions: a token created before that is renewed. */
  expect(permissions: Readonly<Record<string, string>>): void;
}

/** GitHub as `credentials` see it, within what `limiter` allows. */
export function createSession(
  { apiUrl, onReachable }: { apiUrl: string; onReachable?: ((reachable: boolean) => void) | undefined },
  installationId: number | null,
  limiter: Limiter,
  credentials: Credentials,
): GitHubSession {
  const refusals = createRefusals(credentials);
  const send = createSender(limiter, credentials, installationId);

  async function ask(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    resource: string,
    allow: readonly number[],
    sending: Sending = {},
  ): Promise<Answer> {
    // `Link` may use the server's own name.
    const url = resource === 'graphql' ? path : atBase(apiUrl, path);
    const what = `${method} ${new URL(url).pathname}`;
    try {
      const response = await send(method, url, resource, sending);
      onReachable?.(true);
      if (method === 'GET' && isWithoutAnswer(response.status))
        throw new SyncError(
          'GITHUB_BAD_ANSWER',
          `${what}: ${response.status}, without the requested content`,
        );
      refusals.answered(new URL(url).pathname);
      return answer(apiUrl, response);
    } catch (error) {
      // If no token could be created, that is not an answer to the request: its 404 proves no absence.
      const answered = error instanceof RequestError && !isMinting(error);
      if (answered && error.response && allow.includes(error.status)) {
        return answer(apiUrl, error.response);
      }
      throw await failureOf(error, what, resource, url);
    }
  }

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

  const graphql: GitHubSession['graphql'] = async (query, variables, elements, patience) => {
    const sending = { body: { query, variables }, patience };
    const result = await ask('POST', graphqlUrl(apiUrl), 'graphql', [], sending);
    const failure = setAside(result.data, elements);
    if (failure === null) return result;
    const message = `GraphQL: ${failure.message}`.slice(0, 500);
    if (failure.code !== 'ACCESS_REFUSED') throw new SyncError(failure.code, message);
    // As after a 403: another token may have other permissions, and shows which.
    await credentials.octokit('forbidden').catch(() => undefined);
    throw await refusals.judge(failure.path, message);
  };

  return {
    installationId,
    idPaths: true,
    server: serverOf(apiUrl),
    authenticate: () =>
      credentials.authenticate().then(
        () => true,
        () => false,
      ),
    expect: (permissions) => credentials.expect(permissions),
    get: (path, allow = [], patience) => ask('GET', path, 'core', allow, { patience }),
    getExact: (path, allow = []) => ask('GET', path, 'core', allow, { exactNumbers: true }),
    getUnfollowed: (path, allow = []) => ask('GET', path, 'core', allow, { redirect: 'manual' }),
    post: (path, allow = []) => ask('POST', path, 'core', allow),
    // As `data`: a field named `url` would be taken as the request's own.
    patch: (path, body) => ask('PATCH', path, 'core', [], { body: { data: body } }),
    graphql,
  };
}

/** GraphQL reports what is gone or blocked inside its answer: a status that says so is a proxy's, or there is no GraphQL. */
function asGraphqlFailure(error: SyncError): SyncError {
  const isStatus = error.code === 'NOT_FOUND' || error.code === 'REPOSITORY_BLOCKED';
  return isStatus ? new SyncError('GITHUB_BAD_ANSWER', error.message, { cause: error }) : error;
}

/** GraphQL of GitHub Enterprise Server is beside its REST root, elsewhere under it. */
function graphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? `${apiUrl.slice(0, -'/v3'.length)}/graphql` : `${apiUrl}/graphql`;
}

/**
 * A success without content (202 "not ready yet", 204): it means neither an empty list nor a kind that is
 * switched off.
 */
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
    links: {
      next: link(apiUrl, url, next),
      last: link(apiUrl, url, last),
      isMissing: headers['link'] === undefined,
    },
    date: new Date(Number.isNaN(date) ? Date.now() : date).toISOString(),
  };
}

/** @param from the answer that contains the address, which may be relative to its own (RFC 8288, 3.2) */
function link(apiUrl: string, from: string, address: string | null): string | null {
  if (address === null || !URL.canParse(address, from)) return null;
  return atBase(apiUrl, new URL(address, from).href);
}
