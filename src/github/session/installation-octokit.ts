import type { App } from '@octokit/app';
import type { Octokit } from '@octokit/core';
import { z } from 'zod';

/** Tokens live an hour (https://docs.github.com/apps/creating-github-apps); ours are renewed before. */
const TOKEN_AGE_MS = 50 * 60_000;
/** A token is refused for some seconds while GitHub spreads it; auth-app itself asks again for so long. */
const TOKEN_SPREAD_MS = 5000;
/** One so new has the permissions of now: a 403 is not cured by another. */
const FRESH_MS = 60_000;

/** A token whose permissions differ from those that were told is minted anew so often, and no sooner. */
const MINTED_AT_MOST = 5;
const MINTED_AGAIN_MS = 10_000;

/** Why another token may be needed: the last one was answered 401, or 403 for lack of permissions. */
export type Refused = 'unauthorized' | 'forbidden' | null;

/** Whose credentials a session sends, and what they are allowed. */
export interface Credentials {
  /** The Octokit to send with, its token renewed where that may help. */
  octokit(refused: Refused): Promise<Octokit>;
  /** Has a token minted where there is none yet. */
  authenticate(): Promise<void>;
  /** the names of the permissions that the token in use was minted with; null where GitHub did not say */
  granted(): Promise<ReadonlySet<string> | null>;
  /** What the installation is allowed now: a token minted with anything else is renewed before the next request. */
  expect(permissions: Readonly<Record<string, string>>): void;
}

const authentication = z.object({ permissions: z.record(z.string(), z.string()) });

/** The installation's Octokit with a token of at most 50 minutes and of the permissions that it has now. */
export function createInstallationOctokit(
  app: App,
  installationId: number,
  mintedAt: Map<number, number>,
): Credentials {
  let octokit: Promise<Octokit> | undefined;
  let renewal: Promise<unknown> | undefined;
  /** as told last, and how often a token was minted because its own differed */
  let expected: string | null = null;
  let mintedForIt = 0;

  async function renew(known: Octokit): Promise<void> {
    await known.auth({ type: 'installation', refresh: true });
    // Only now: after a failure the old token is still the one in use, and its refusal asks for another again.
    mintedAt.set(installationId, Date.now());
  }

  /** GitHub may grant a moment before it mints accordingly; what differs for longer differs for good. */
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
        // auth-app mints at the first request, once for all that wait.
        mintedAt.set(installationId, Date.now());
      } else {
        const age = Date.now() - minted;
        const unauthorized = refused === 'unauthorized' && age > TOKEN_SPREAD_MS;
        const forbidden = refused === 'forbidden' && age > FRESH_MS;
        if (age > TOKEN_AGE_MS || unauthorized || forbidden || (await isOutdated(known, age))) {
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

function namesOf(permissions: Readonly<Record<string, string>>): string {
  return Object.keys(permissions).sort().join(',');
}

async function permissionsOf(known: Octokit): Promise<Record<string, string> | null> {
  // Answered from auth-app's cache: minted only where no request was sent yet.
  const parsed = authentication.safeParse(await known.auth({ type: 'installation' }));
  return parsed.success && Object.keys(parsed.data.permissions).length > 0 ? parsed.data.permissions : null;
}
