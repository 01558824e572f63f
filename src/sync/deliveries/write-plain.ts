import { finishDeliveries } from '../../db/deliveries/pending-deliveries.ts';
import { addToJobs } from '../../db/jobs/write-jobs.ts';
import type { Orm, Sql } from '../../db/orm.ts';
import type { SharedLease } from '../../db/repository-sync/shared-lease.ts';
import { lockRepositories, writeFigures } from '../../db/repositories/upsert-repositories.ts';
import { writeRepositories } from '../../db/repository-sync/write-repositories.ts';
import { withoutDeletedReferences, writeRows, type StorableRow } from '../../db/rows/entity-rows.ts';
import { refusedIn, type RefusedRow } from '../../db/rows/upsert-rows.ts';
import { knownAccounts } from '../../db/contributors/known-people.ts';
import { issues as issueEntity } from '../../entities/issues.ts';
import { resolveAccounts } from '../contributors/resolve-authors.ts';
import { refusalOf } from '../refusals.ts';
import { rowsOf } from '../context/store-rows.ts';
import type { PlainChange } from './merge-plain.ts';

interface Writing {
  lease: SharedLease;
  installationId: number;
  /** the job that counts a repository's rows */
  jobIdOf: (repositoryId: number) => string;
}

/**
 * Writes the outcome of several repositories' plain deliveries, and completes them, in one transaction.
 *
 * @returns the ids of those that were written; the leases of the others were lost
 * @throws SyncError ROW_REFUSED, and nothing is written: the round of a single repository finds out which row
 */
export async function writePlain(
  orm: Orm,
  changes: readonly PlainChange[],
  { lease, installationId, jobIdOf }: Writing,
): Promise<number[]> {
  if (changes.length === 0) return [];
  const rows = await storableIssues(orm, changes);
  const ids = changes.map(({ repository }) => repository.id);

  async function write(tx: Sql, held: ReadonlySet<number>): Promise<number[]> {
    const written = changes.filter(({ repository }) => held.has(repository.id));
    const own = rows.filter((row) => held.has(row.repository_id));
    const changedIn = new Map<number, number>();
    await lockRepositories(
      tx,
      written.map(({ repository }) => repository.id),
    );
    await writeRows(tx, issueEntity, await withoutDeletedReferences(tx, issueEntity, own), false, changedIn);
    const shown = written.flatMap(({ row }) => row ?? []);
    if (shown.length > 0) await writeRepositories(tx, installationId, shown);
    await writeFigures(
      tx,
      written.map(({ repository, figures }) => ({ ...figures, id: repository.id, source: 'rows' })),
    );
    await finishDeliveries(
      tx,
      written.flatMap(({ guids }) => guids),
      'processed',
    );
    await addToJobs(
      tx,
      [...changedIn].map(([id, issues]) => ({ jobId: jobIdOf(id), rows: { issues } })),
    );
    assertNoneRefused(refusedIn(tx));
    return written.map(({ repository }) => repository.id);
  }

  return lease.write(ids, write);
}

/**
 * With their authors as contributors, sorted by id: two transactions that write the same ones lock them in one
 * order.
 */
async function storableIssues(orm: Orm, changes: readonly PlainChange[]): Promise<StorableRow[]> {
  const refused: RefusedRow[] = [];
  const { ids, changed } = await knownAccounts(
    orm,
    changes.flatMap(({ issues }) => issues.flatMap(({ author }) => author ?? [])),
  );
  const isChanged = new Set(changed.map(({ github_id }) => github_id));
  const rows: StorableRow[] = [];
  for (const { repository, issues, asOf } of changes) {
    const authors = issues.map(({ author }) => author);
    // An account that differs from the stored one is as new as the row that shows it.
    const isKnown = authors.every((author) => author === null || !isChanged.has(author.github_id));
    const people = isKnown ? ids : await resolveAccounts(orm, authors, asOf, refused);
    rows.push(...rowsOf(issueEntity, repository.id, issues, people));
  }
  assertNoneRefused(refused);
  return rows.toSorted((a, b) => Number(a['id']) - Number(b['id']));
}

function assertNoneRefused(rows: readonly RefusedRow[]): void {
  const refusal = refusalOf(rows);
  if (refusal !== null) throw refusal;
}
