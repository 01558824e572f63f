import {
  deletedWithRepositories,
  markInstallationDeleted,
  writeInstallations,
} from '../../db/installations/write-installations.ts';
import { databaseTime } from '../../db/database-time.ts';
import { recordFailure } from '../../db/jobs/write-jobs.ts';
import { inTransaction, sqlOf } from '../../db/orm.ts';
import { installationsAfter } from '../../db/installations/find-installation.ts';
import { SyncError } from '../../errors.ts';
import { getInstallation, listInstallations as listAtGitHub } from '../../github/app-api.ts';
import { isGitHubUnavailable } from '../is-git-hub-unavailable.ts';
import { oneByOne, resolveMissing } from '../listings/resolve-missing.ts';
import { renameOwners } from '../contributors/rename-owners.ts';
import { refusalOf, writeReturningRefused } from '../refusals.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

/** How many installations are read from PostgreSQL at a time. */
const PAGE = 50;

/**
 * Makes the list of installations match GitHub's; a missing one is requested before it is marked. What could
 * not be stored is counted in the job.
 *
 * @returns how many GitHub lists
 */
export async function listInstallations(deps: SyncDependencies, jobId: string): Promise<number> {
  const askedAt = await databaseTime(sqlOf(deps.orm));
  const { rows, unreadable, date } = await listAtGitHub(deps.github);
  const refused = [
    ...(await writeReturningRefused(deps.orm, (tx) => writeInstallations(tx, rows, askedAt))),
    ...(await renameOwners(deps.orm, rows, date)),
  ];
  const refusal = refusalOf(refused);
  if (refusal !== null) {
    deps.log.warn({ refused }, 'installations could not be written');
    await recordFailure(sqlOf(deps.orm), jobId, refusal, refused.length);
  }
  if (unreadable.length > 0) {
    deps.log.warn({ unreadable }, 'installations could not be read');
    const message = `${unreadable.length} installations: ${unreadable[0]?.reason}`;
    const error = new SyncError('GITHUB_BAD_ANSWER', message);
    await recordFailure(sqlOf(deps.orm), jobId, error, unreadable.length);
  }
  const error = await resolveMissingInstallations(
    deps,
    new Set([...rows, ...unreadable].map(({ id }) => id)),
  );
  if (error !== null) {
    // An answer that cannot be read concerns an installation that exists.
    deps.log.warn({ err: error }, 'installations missing from the list could not be requested');
    await recordFailure(sqlOf(deps.orm), jobId, error);
  }
  await removeLeftBehind(deps);
  return rows.length;
}

/** Repositories that were written while their installation was being marked as deleted. */
async function removeLeftBehind({ orm }: SyncDependencies): Promise<void> {
  for (const id of await deletedWithRepositories(sqlOf(orm)))
    await inTransaction(orm, (tx) => markInstallationDeleted(tx, id));
}

/**
 * Installations that the list lacks: the list is read once more, and each one that is still missing is
 * requested.
 */
async function resolveMissingInstallations(
  deps: SyncDependencies,
  listed: ReadonlySet<number | null>,
): Promise<SyncError | null> {
  const missing = await missingFrom(deps, listed);
  if (missing.length === 0) return null;
  const again = await listAtGitHub(deps.github);
  const there = new Set([...again.rows, ...again.unreadable].map(({ id }) => id));
  return resolveMissing<number, 'deleted' | 'live'>(
    missing.filter((id) => !there.has(id)),
    {
      ask: oneByOne(
        async (id) => ((await getInstallation(deps.github, id)) === null ? 'deleted' : 'live'),
        () => isGitHubUnavailable(deps.github),
      ),
      write: (verdicts) =>
        inTransaction(deps.orm, async (tx) => {
          for (const [id, verdict] of verdicts) {
            if (verdict === 'deleted') await markInstallationDeleted(tx, id);
          }
        }),
    },
  );
}

async function missingFrom(deps: SyncDependencies, listed: ReadonlySet<number | null>): Promise<number[]> {
  const missing: number[] = [];
  for (let after = 0; ;) {
    const page = await installationsAfter(sqlOf(deps.orm), after, PAGE);
    missing.push(...page.filter((id) => !listed.has(id)));
    after = page.at(-1) ?? 0;
    if (page.length < PAGE) return missing;
  }
}
