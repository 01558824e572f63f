import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';

export interface GitHubSettings {
  url: string;
  appId: string;
  privateKey: string;
  webhookSecret: string;
}

const DAY_SECONDS = 86_400;
const stats = z.object({
  requests: z.number(),
  points: z.number(),
  /** by method and pattern of the path */
  byRoute: z.record(z.string(), z.number()),
});

/** The sandbox GitHub in a process of its own, driven from outside. */
export interface GitHub extends GitHubSettings {
  /** Performs an action of `GET /_sandbox/`; returns its answer. */
  act: (action: string, input?: object) => Promise<unknown>;
  /** Creates an organisation with this many repositories and commits in each, without deliveries; returns their ids. */
  organisation: (login: string, repositories: number, commits: number) => Promise<number[]>;
  /** Does it with GitHub's clock a day back: what it makes is older than what a look at GitHub can be too early for. */
  aDayAgo: <T>(work: () => Promise<T>) => Promise<T>;
  /** Installs the App, which is delivered; returns the installation's id. */
  install: (account: string) => Promise<number>;
  /** A token as a small program needs it. */
  tokenFor: (installationId: number) => Promise<string>;
  /**
   * What was asked of it since the last `reset-stats`. `points` is what it charged: one for each request that it did not
   * answer by 304 or for free, and the points of each GraphQL question.
   */
  asked: () => Promise<z.infer<typeof stats>>;
}

export function createGitHub(settings: GitHubSettings): GitHub {
  const { url } = settings;
  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const answer = await fetch(url + path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  }
  const act: GitHub['act'] = (action, input = {}) =>
    ask(`/_sandbox/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
  return {
    ...settings,
    act,
    organisation: async (login, count, commits) => {
      await act('create-account', { login, type: 'Organization' });
      return z.array(z.number()).parse(await act('grow-repositories', { owner: login, count, commits }));
    },
    aDayAgo: async (work) => {
      await act('clock', { freeze: Math.floor(Date.now() / 1000) - DAY_SECONDS });
      try {
        return await work();
      } finally {
        await act('clock', { run: true });
      }
    },
    install: async (account) =>
      z.object({ id: z.number() }).parse(await act('install', { account, repositories: 'all' })).id,
    tokenFor: async (installationId) => {
      const now = Math.floor(Date.now() / 1000);
      const jwt = await new SignJWT({ iat: now - 10, exp: now + 300, iss: settings.appId })
        .setProtectedHeader({ alg: 'RS256' })
        .sign(createPrivateKey(settings.privateKey));
      const answer = await ask(`/app/installations/${installationId}/access_tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${jwt}` },
      });
      return z.object({ token: z.string() }).parse(answer).token;
    },
    asked: async () => stats.parse(await ask('/_sandbox/stats')),
  };
}
