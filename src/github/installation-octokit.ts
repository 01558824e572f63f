import type { App } from '@octokit/app';
import type { Octokit } from '@octokit/core';

/** Tokens live an hour (https://docs.github.com/apps/creating-github-apps); ours are renewed before. */
const TOKEN_AGE_MS = 50 * 60_000;
/** A token is refused for some seconds while GitHub spreads it; auth-app itself asks again for so long. */
const TOKEN_SPREAD_MS = 5000;

/** The Octokit to send with; `refused`: its token was just answered with 401. */
export type Authenticated = (refused: boolean) => Promise<Octokit>;

/** The installation's Octokit with a token of at most 50 minutes, or a new one when it was `refused`. */
export function createInstallationOctokit(
  app: App,
  installationId: number,
  mintedAt: Map<number, number>,
): Authenticated {
  let octokit: Promise<Octokit> | undefined;
  let renewal: Promise<unknown> | undefined;
  async function renew(known: Octokit): Promise<void> {
    await known.auth({ type: 'installation', refresh: true });
    // Only now: after a failure the old token is still the one in use, and its refusal asks for another again.
    mintedAt.set(installationId, Date.now());
  }
  return async function authenticated(refused) {
    octokit ??= app.getInstallationOctokit(installationId);
    const known = await octokit;
    const minted = mintedAt.get(installationId);
    if (minted === undefined) {
      // auth-app mints at the first request, once for all that wait.
      mintedAt.set(installationId, Date.now());
    } else {
      const age = Date.now() - minted;
      if (age > TOKEN_AGE_MS || (refused && age > TOKEN_SPREAD_MS)) {
        renewal ??= renew(known).finally(() => {
          renewal = undefined;
        });
      }
    }
    await renewal;
    return known;
  };
}
