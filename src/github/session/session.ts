import { SyncError } from '../../errors.ts';
import type { Answer } from './answer.ts';
import { setAside } from './graphql-errors.ts';
import type { Credentials } from './installation-octokit.ts';
import type { Limiter } from './limiter.ts';
import { createRefusals } from './refusals.ts';
import { createRequester, type RequestOptions } from './requester.ts';
import { createSender, type Patience } from './sender.ts';
import { serverOf, type GitHubServer } from './server.ts';

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
  options: RequestOptions,
  installationId: number | null,
  limiter: Limiter,
  credentials: Credentials,
): GitHubSession {
  const { apiUrl } = options;
  const refusals = createRefusals(credentials);
  const request = createRequester(options, refusals, createSender(limiter, credentials, installationId));

  const graphql: GitHubSession['graphql'] = async (query, variables, elements, patience) => {
    const sending = { body: { query, variables }, patience };
    const result = await request('POST', graphqlUrl(apiUrl), 'graphql', [], sending);
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
    get: (path, allow = [], patience) => request('GET', path, 'core', allow, { patience }),
    getExact: (path, allow = []) => request('GET', path, 'core', allow, { exactNumbers: true }),
    getUnfollowed: (path, allow = []) => request('GET', path, 'core', allow, { redirect: 'manual' }),
    post: (path, allow = []) => request('POST', path, 'core', allow),
    // As `data`: a field named `url` would be taken as the request's own.
    patch: (path, body) => request('PATCH', path, 'core', [], { body: { data: body } }),
    graphql,
  };
}

/** GraphQL of GitHub Enterprise Server is beside its REST root, elsewhere under it. */
function graphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? `${apiUrl.slice(0, -'/v3'.length)}/graphql` : `${apiUrl}/graphql`;
}
