import { recordFailure } from '../../db/jobs/write-jobs.ts';
import { sqlOf, type Sql } from '../../db/orm.ts';
import { enqueueRepositories } from '../../db/repository-sync/enqueue-repositories.ts';
import { repositoriesWithRefusedRow } from '../../db/repositories/find-refused.ts';
import { liveAmong } from '../../db/repository-sync/queued-repositories.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import { SyncError } from '../../errors.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import { refusalOf } from '../refusals.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

interface Request {
  installationId: number;
  jobId: string;
}

/**
 * Elements of the list that could not be read: their rows stay, their contents are compared, and it is
 * reported.
 */
export async function recordUnreadable(
  deps: SyncDependencies,
  { installationId, jobId }: Request,
  unreadable: readonly Unreadable[],
): Promise<void> {
  const [first] = unreadable;
  if (first === undefined) return;
  const db = sqlOf(deps.orm);
  await compareAlone(
    db,
    installationId,
    unreadable.flatMap(({ id }) => id ?? []),
  );
  const message = `${unreadable.length} of the installation's repositories: ${first.reason}`;
  deps.log.warn({ installationId, unreadable }, 'repositories could not be read');
  await recordFailure(db, jobId, new SyncError('GITHUB_BAD_ANSWER', message), unreadable.length);
}

/** The same for those that PostgreSQL rejects as they are listed, and for those that it rejected before. */
export async function recordRefused(
  deps: SyncDependencies,
  { installationId, jobId }: Request,
  refused: readonly RefusedRow[],
): Promise<void> {
  const db = sqlOf(deps.orm);
  const ids = refused.map(({ key }) => Number(key));
  await compareAlone(db, installationId, [...ids, ...(await repositoriesWithRefusedRow(db, installationId))]);
  const refusal = refusalOf(refused);
  if (refusal === null) return;
  deps.log.warn({ installationId, refused }, 'repositories could not be written');
  await recordFailure(db, jobId, refusal, refused.length);
}

/** Without a probe its comparison requests the repository itself, and reports what is wrong. */
async function compareAlone(db: Sql, installationId: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const known = (await liveAmong(db, installationId, ids)).map((id) => ({ id, probe: null }));
  await enqueueRepositories(db, known, 'incremental');
}
