import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { RequestError } from '@octokit/request-error';
import { SyncError } from '../errors.ts';
import { createFetch } from './fetch.ts';
import { createLimiter, type LimitLedger, type Limiter } from './limiter.ts';
import { parseLinks, type Links } from './links.ts';
import { bodyMessage, translateError } from './translate-error.ts';

/** One answer of GitHub's. `data` is unread: every caller parses what it uses. */
export interface Answer {
  status: number;
  data: unknown;
  links: Links;
  /** GitHub's clock, ISO 8601 */
  date: string;
  /** where the answer came from, after redirects */
  url: string;
}

/** GitHub as one installation sees it, or as the App itself (`installationId` null). */
export interface GitHubSession {
  installationId: number | null;
  /**
   * GET of a path below the API's root, or of a whole URL from a `Link` header.
   *
   * @param allow statuses that are answers here, not errors (404, 409, 410, …)
   * @throws SyncError
   */
  get(path: string, allow?: readonly number[]): Promise<Answer>;
  post(path: string, allow?: readonly number[]): Promise<Answer>;
  /** `data` of a GraphQL question, unread. Any entry in `errors` is an error, whatever `data` holds.
   *  @throws SyncError */
  graphql(query: string, variables: Record<string, unknown>): Promise<Answer>;
}

export interface GitHub {
  app: GitHubSession;
  installation(installationId: number): GitHubSession;
  /** when each cached installation token was minted (`Date.now()`); it expires an hour later */
  tokensMintedAt(): number[];
}

export interface GitHubOptions {
  appId: number;
  privateKey: string;
  apiUrl: string;
  ledger: LimitLedger;
  /** told of every answer, and of every request that GitHub as a whole failed to answer */
  onReachable?: (reachable: boolean) => void;
  /** a request without an answer for so long has failed; default 30 s */
  timeoutMs?: number;
  /** between the quick retries of a 5xx or a broken connection: n² × this; default 250 ms */
  retryBaseMs?: number;
}

// 2022-11-28 has `merge_commit_sha`, which 2026-03-10 removed
// (https://docs.github.com/rest/about-the-rest-api/breaking-changes).
const API_VERSION = '2022-11-28';
/** Tokens live an hour (https://docs.github.com/apps/creating-github-apps); ours are renewed before. */
const TOKEN_AGE_MS = 50 * 60_000;
/** A token is refused for some seconds while GitHub spreads it; auth-app itself asks again for so long. */
const TOKEN_SPREAD_MS = 5000;

/** The GitHub client of a process: one token cache and one limiter per installation. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { apiUrl } = options;
  const fetchWithin = createFetch(apiUrl, options.timeoutMs ?? 30_000);
  const OurOctokit = Octokit.plugin(retry).defaults({
    baseUrl: apiUrl,
    userAgent: 'github-auto-sync',
    request: { fetch: fetchWithin },
    // 409 is "Git Repository is empty", 429 a limit: asking again at once is no cure.
    retry: {
      doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
      retries: 2,
      retryAfterBaseValue: options.retryBaseMs ?? 250,
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const app = new App({ appId: options.appId, privateKey: options.privateKey, Octokit: OurOctokit });
  const sessions = new Map<number, GitHubSession>();
  const mintedAt = new Map<number, number>();

  function installation(installationId: number): GitHubSession {
    let session = sessions.get(installationId);
    if (!session) {
      const limiter = createLimiter(installationId, options.ledger);
      session = createSession(
        options,
        installationId,
        limiter,
        createInstallationOctokit(app, installationId, mintedAt),
      );
      sessions.set(installationId, session);
    }
    return session;
  }

  const appLimiter = createLimiter(0, {
    read: () => Promise.resolve(new Map()),
    write: () => Promise.resolve(),
  });
  return {
    app: createSession(options, null, appLimiter, async () => app.octokit),
    installation,
    tokensMintedAt: () => [...mintedAt.values()],
  };
}

type Authenticated = (refused: boolean) => Promise<Octokit>;

/** The installation's Octokit with a token of at most 50 minutes, or a new one when it was `refused`. */
function createInstallationOctokit(
  app: App,
  installationId: number,
  mintedAt: Map<number, number>,
): Authenticated {
  let octokit: Promise<Octokit> | undefined;
  let renewal: Promise<unknown> | undefined;
  return async function authenticated(refused) {
    octokit ??= app.getInstallationOctokit(installationId) as unknown as Promise<Octokit>;
    const known = await octokit;
    const minted = mintedAt.get(installationId);
    if (minted === undefined) {
      // auth-app mints at the first request, once for all that wait.
      mintedAt.set(installationId, Date.now());
    } else {
      const age = Date.now() - minted;
      if (age > TOKEN_AGE_MS || (refused && age > TOKEN_SPREAD_MS)) {
        renewal ??= Promise.resolve(known.auth({ type: 'installation', refresh: true })).finally(() => {
          mintedAt.set(installationId, Date.now());
          renewal = undefined;
        });
      }
    }
    await renewal;
    return known;
  };
}

function createSession(
  { apiUrl, onReachable }: GitHubOptions,
  installationId: number | null,
  limiter: Limiter,
  authenticated: Authenticated,
): GitHubSession {
  async function send(
    method: string,
    url: string,
    resource: string,
    body: Record<string, unknown> | undefined,
  ) {
    const attempt = async (refused: boolean) => {
      const octokit = await authenticated(refused);
      return octokit.request({
        method: method as 'GET',
        url,
        headers: { 'x-github-api-version': API_VERSION },
        ...body,
      });
    };
    return limiter.run(resource, async () => {
      try {
        const response = await attempt(false).catch((error: unknown) => {
          if (error instanceof RequestError && error.status === 401 && installationId !== null)
            return attempt(true);
          throw error;
        });
        const types = graphqlErrors(response.data).map(({ type }) => type);
        const message = graphqlErrors(response.data)
          .map((error) => error.message)
          .join('; ');
        const reading = await limiter.note(resource, { ...response, message, graphqlErrorTypes: types });
        if (reading.blockedCode !== null) throw refusal(reading.blockedCode, reading.blockedUntil, message);
        return response;
      } catch (error) {
        if (!(error instanceof RequestError) || !error.response) throw error;
        const message = bodyMessage(error);
        const { status, headers } = error.response;
        const reading = await limiter.note(resource, { status, headers, message, graphqlErrorTypes: [] });
        if (reading.blockedCode !== null) throw refusal(reading.blockedCode, reading.blockedUntil, message);
        throw error;
      }
    });
  }

  async function ask(
    method: string,
    path: string,
    resource: string,
    allow: readonly number[],
    body?: Record<string, unknown>,
  ): Promise<Answer> {
    const url = path.startsWith('/') ? `${apiUrl}${path}` : path;
    const what = `${method} ${new URL(url).pathname}`;
    try {
      const response = await send(method, url, resource, body);
      onReachable?.(true);
      return answer(response.status, response.data, response.headers, response.url);
    } catch (error) {
      if (error instanceof RequestError && error.response && allow.includes(error.status)) {
        return answer(error.status, error.response.data, error.response.headers, error.response.url);
      }
      const translated = translateError(error, what);
      onReachable?.(translated.code !== 'GITHUB_UNAVAILABLE');
      throw translated;
    }
  }

  return {
    installationId,
    get: (path, allow = []) => ask('GET', path, 'core', allow),
    post: (path, allow = []) => ask('POST', path, 'core', allow),
    graphql: async (query, variables) => {
      const result = await ask('POST', graphqlUrl(apiUrl), 'graphql', [], { query, variables });
      const [first] = graphqlErrors(result.data);
      if (first)
        throw new SyncError('GITHUB_BAD_ANSWER', `GraphQL: ${first.type} ${first.message}`.slice(0, 500));
      return result;
    },
  };
}

/** GraphQL of GitHub Enterprise Server is beside its REST root, elsewhere below it (contract). */
function graphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? `${apiUrl.slice(0, -'/v3'.length)}/graphql` : `${apiUrl}/graphql`;
}

function answer(status: number, data: unknown, headers: Record<string, unknown>, url: string): Answer {
  const date = Date.parse(String(headers['date'] ?? ''));
  return {
    status,
    data,
    url,
    links: parseLinks(headers['link']),
    date: new Date(Number.isNaN(date) ? Date.now() : date).toISOString(),
  };
}

function refusal(
  code: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED',
  until: number | null,
  message: string,
): SyncError {
  return new SyncError(code, message.slice(0, 300), { retryAfterMs: Math.max(0, (until ?? 0) - Date.now()) });
}

function graphqlErrors(data: unknown): { type: string; message: string }[] {
  if (typeof data !== 'object' || data === null || !('errors' in data) || !Array.isArray(data.errors))
    return [];
  return data.errors.map((error: unknown) => {
    const { type, message } = (error ?? {}) as { type?: unknown; message?: unknown };
    return { type: String(type ?? ''), message: String(message ?? '') };
  });
}
