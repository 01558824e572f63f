import { errorTable, SyncError } from '../../errors.ts';
import { pingGraphql } from '../../github/ping-graphql.ts';
import type { GitHub } from '../../github/client.ts';
import type { InstallationRow } from '../../model.ts';
import { fault, ok, type Finding } from '../finding.ts';

/**
 * Checks GitHub's GraphQL, which has its own address: a proxy may let only REST through. It is queried for an
 * installation, because it does not answer an App; without an installation that may be queried there is nothing
 * to check.
 */
export async function checkGraphql(
  github: GitHub,
  installations: readonly InstallationRow[],
): Promise<Finding[]> {
  const installation = installations.find(({ suspended_at: suspended }) => suspended === null);
  if (installation === undefined) return [];
  try {
    await pingGraphql(github.installation(installation.id));
    return [ok('GraphQL', 'answers')];
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return [
      fault('GraphQL', {
        message: `GitHub's GraphQL does not answer (${error.code}: ${error.message}).`,
        why: 'Sweeps and imports ask it what has changed; without it only what REST shows is compared.',
        advice: `Let POST requests to it pass proxies and firewalls, like REST (docs/reference.md has its address). ${errorTable[error.code].advice}`,
      }),
    ];
  }
}
