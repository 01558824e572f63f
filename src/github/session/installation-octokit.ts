import type { App } from '@octokit/app';
import type { Octokit } from '@octokit/core';
import { z } from 'zod';

/**
 * Tokens are valid for an hour (https://docs.github.com/apps/creating-github-apps); ours are renewed before
 * that.
 */
const TOKEN_AGE_MS = 50 * 60_000;
/** GitHub refuses a new token for some seconds until it has spread; auth-app itself retries for this long. */
const TOKEN_SPREAD_MS = 5000;
/** A token this new has the current permissions: another one would not cure a 403. */
const FRESH_MS = 60_000;

/**
 * How often, at most, and how soon a token is renewed because its permissions differ from the reported ones.
 */
const MINTED_AT_MOST = 5;
const MINTED_AGAIN_MS = 10_000;

/** Why another token may be needed: the last one was answered 401, or 403 for lack of permissions. */
export type Refused = 'unauthorized' | 'forbidden' | null;

/** The credentials that a session sends, and their permissions. */
export interface Credentials {
  /** The Octokit to send with, its token renewed if that may help. */
  octokit(refused: Refused): Promise<Octokit>;
  /** Creates a token if there is none yet. */
  authenticate(): Promise<void>;
  /** the names of the permissions with which the current token was created; null if GitHub did not say */
  granted(): Promise<ReadonlySet<string> | null>;
  /**
   * Sets the installation's current permissions: a token created with others is renewed before the next
   * request.
   */
  expect(permissions: Readonly<Record<string, string>>): void;
}

const authentication = z.object({ permissions: z.record(z.string(), z.string()) });

/** The installation's Octokit, with a token that is at most 50 minutes old and has the current permissions. */
export function createInstallationOctokit(
  app: App,
  installationId: number,
  mintedAt: Map<number, number>,
): Credentials {
  let octokit: Promise<Octokit> | undefined;
  let renewal: Promise<unknown> | undefined;
  /** as reported last, and how often a token was renewed because its own differed */
  let expected: string | null = null;
  let mintedForIt = 0;

  async function renew(known: Octokit): Promise<void> {
    await known.auth({ type: 'installation', refresh: true });
    // Only now: after a failure the old token is still in use, and its refusal causes another renewal.
    mintedAt.set(installationId, Date.now());
  }

  /**
   * GitHub may need a moment until new tokens have granted permissions; a difference that lasts longer is
   * permanent.
   */
  async function isOutdated(known: Octokit, age: number): Promise<boolean> {
    if (expected === null || mintedForIt >= MINTED_AT_MOST || age < mintedForIt * MINTED_AGAIN_MS)
      return false;
    const permissions = await permissionsOf(known);
    if (permissions === null || namesOf(permissions) === expected) return false;
    mintedForIt += 1;
    return true;
  }

  return {
    octokit: async (refused) => {
      octokit ??= app.getInstallationOctokit(installationId);
      const known = await octokit;
      const minted = mintedAt.get(installationId);
      if (minted === undefined) {
        // auth-app creates a token at the first request, once for all that wait.
        mintedAt.set(installationId, Date.now());
      } else {
        const age = Date.now() - minted;
        if (isTooOld(age, refused) || (await isOutdated(known, age))) {
          renewal ??= renew(known).finally(() => {
            renewal = undefined;
          });
        }
      }
      await renewal;
      return known;
    },
    authenticate: async () => {
      if (mintedAt.has(installationId)) return;
      octokit ??= app.getInstallationOctokit(installationId);
      const known = await octokit;
      await known.auth({ type: 'installation' });
      mintedAt.set(installationId, Date.now());
    },
    granted: async () => {
      const permissions = octokit === undefined ? null : await permissionsOf(await octokit);
      return permissions === null ? null : new Set(Object.keys(permissions));
    },
    expect: (permissions) => {
      const names = namesOf(permissions);
      if (names === '' || names === expected) return;
      expected = names;
      mintedForIt = 0;
    },
  };
}

/** Whether another token is due at this age, or may cure a refusal. */
function isTooOld(age: number, refused: Refused): boolean {
  if (refused === 'unauthorized' && age > TOKEN_SPREAD_MS) return true;
  return age > (refused === 'forbidden' ? FRESH_MS : TOKEN_AGE_MS);
}

function namesOf(permissions: Readonly<Record<string, string>>): string {
  return Object.keys(permissions).sort().join(',');
}

async function permissionsOf(known: Octokit): Promise<Record<string, string> | null> {
  // Answered from auth-app's cache: a token is created only if no request was sent yet.
  const parsed = authentication.safeParse(await known.auth({ type: 'installation' }));
  return parsed.success && Object.keys(parsed.data.permissions).length > 0 ? parsed.data.permissions : null;
}
