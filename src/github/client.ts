import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { createFetch } from './session/fetch.ts';
import { createInstallationOctokit } from './session/installation-octokit.ts';
import { createLimiter } from './session/limiter.ts';
import type { Budget, LimitLedger } from './session/shared-buckets.ts';
import { readBodies } from './session/read-body.ts';
import { retryRequests } from './session/retry-requests.ts';
import { createSession, type GitHubSession } from './session/session.ts';

export interface GitHub {
  /** of the App that these credentials belong to */
  readonly appId: number;
  app: GitHubSession;
  installation(installationId: number): GitHubSession;
  /** when each cached installation token was created (`Date.now()`); it expires an hour later */
  tokensMintedAt(): number[];
  /** the App's own remaining rate limit, separate from its installations'; null until GitHub has reported it */
  appBudget(): Budget | null;
}

export interface GitHubOptions {
  appId: number;
  privateKey: string;
  apiUrl: string;
  ledger: LimitLedger;
  /** called for every answer, and for every request that GitHub as a whole failed to answer */
  onReachable?: (reachable: boolean) => void;
  /** a request without an answer has failed after this long; default 30 s */
  timeoutMs?: number;
  /** between the quick retries of a 5xx or a broken connection: n² × this; default 250 ms */
  retryBaseMs?: number;
}

/** The GitHub client of a process: one token cache and one limiter per installation. */
export function createGitHub(options: GitHubOptions): GitHub {
  const { apiUrl } = options;
  const fetchWithin = createFetch(apiUrl, options.timeoutMs ?? 30_000);
  const OurOctokit = Octokit.plugin(readBodies, retryRequests(options.retryBaseMs ?? 250)).defaults({
    baseUrl: apiUrl,
    userAgent: 'github-auto-sync',
    request: { fetch: fetchWithin, parseSuccessResponseBody: false },
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
    appId: options.appId,
    app: createSession(options, null, appLimiter, {
      octokit: async () => app.octokit,
      authenticate: () => Promise.resolve(),
      granted: async () => null,
      expect: () => undefined,
    }),
    installation,
    tokensMintedAt: () => [...mintedAt.values()],
    appBudget: () => appLimiter.budget('core'),
  };
}
