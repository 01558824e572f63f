import { addLiveCommits } from '../../db/commits/write-commits.ts';
import { addToJob } from '../../db/jobs/write-jobs.ts';
import type { Sql } from '../../db/orm.ts';
import {
  finishFirstComparisons,
  type FirstComparison,
} from '../../db/repositories/finish-first-comparisons.ts';
import { repositoryTotals } from '../../db/repositories/repository-state.ts';
import type { SharedLease } from '../../db/repositories/shared-lease.ts';
import { writeRows } from '../../db/rows/entity-rows.ts';
import { refusedIn, type RefusedRow } from '../../db/rows/upsert-rows.ts';
import { branches as branchEntity } from '../../entities/branches.ts';
import { issues as issueEntity } from '../../entities/issues.ts';
import { pullRequests as pullRequestEntity } from '../../entities/pull-requests.ts';
import { returnUsage, takeUsage, type Usage } from '../../github/session/usage.ts';
import type { Account } from '../../model.ts';
import { resolveAccounts, resolveAuthors } from '../contributors/resolve-authors.ts';
import { describedKinds, kindsOn, versionsOf } from '../further/kinds-on.ts';
import { highWaterMark } from '../listings/high-water-mark.ts';
import { readable } from '../readable.ts';
import type { SyncDependencies } from '../repository/sync-request.ts';
import { rowsOf } from '../store-rows.ts';
import type { SmallContents } from './read-small-repository.ts';

/** Some row is not written as it was read: which one, the comparison of a single repository finds out. */
export class NotPlain extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'NotPlain';
  }
}

interface Writing {
  lease: SharedLease;
  jobId: string;
  /** the requests so far: they are counted with the rows that they were for */
  usage: Usage;
  noreplyHost: RegExp | undefined;
}

/**
 * Writes all of several small repositories in one transaction, of which nothing was here: their rows, what follows from
 * them, the end of their comparison and the counts of the job.
 *
 * @returns the ids of those that were written; the leases of others were lost
 * @throws NotPlain, and nothing is written
 */
export async function writeSmallRepositories(
  { orm, skippedKinds }: SyncDependencies,
  read: readonly SmallContents[],
  { lease, jobId, usage, noreplyHost }: Writing,
): Promise<number[]> {
  const [first] = read;
  if (first === undefined) return [];
  const refused: RefusedRow[] = [];
  // An older answer never renames anybody.
  const date = read.reduce((oldest, one) => (one.date < oldest ? one.date : oldest), first.date);
  const commits = await resolveAuthors(
    orm,
    read.flatMap((one) => one.commits.map((row) => ({ ...row, repository_id: one.repository.id }))),
    date,
    noreplyHost,
    refused,
  );
  const authors = read.flatMap((one): (Account | null)[] => [
    ...(one.issues?.rows ?? []).map(({ author }) => author),
    ...(one.pullRequests?.rows ?? []).map(({ author }) => author),
  ]);
  const people = await resolveAccounts(orm, authors, date, refused);
  if (refused.length > 0) throw new NotPlain('a person is refused');
  const { permissions } = first.repository;
  const described = describedKinds(kindsOn(permissions, skippedKinds), readable(permissions));
  const required = described.filter((kind) => kind.required);

  async function write(tx: Sql, held: ReadonlySet<number>): Promise<number[]> {
    const written = read.filter(({ repository }) => held.has(repository.id));
    if (written.length === 0) return [];
    const rows = {
      branches: await writeRows(
        tx,
        branchEntity,
        written.flatMap((one) => rowsOf(branchEntity, one.repository.id, one.branches, people)),
      ),
      commits: await addLiveCommits(
        tx,
        commits.filter((row) => held.has(row.repository_id)),
      ),
      issues: await writeRows(
        tx,
        issueEntity,
        written.flatMap((one) => rowsOf(issueEntity, one.repository.id, one.issues?.rows ?? [], people)),
      ),
      pull_requests: await writeRows(
        tx,
        pullRequestEntity,
        written.flatMap((one) =>
          rowsOf(pullRequestEntity, one.repository.id, one.pullRequests?.rows ?? [], people),
        ),
      ),
    };
    await assertAllWritten(tx, written);
    await finishFirstComparisons(
      tx,
      written.map(finished),
      versionsOf(required),
      described.length > required.length,
    );
    await addToJob(tx, jobId, { rows, ...asked, repositories: written.length });
    return written.map(({ repository }) => repository.id);
  }

  // Taken out at once: it is written down every ten seconds as well.
  const asked = takeUsage(usage);
  let ids: number[] = [];
  try {
    ids = await lease.write(
      read.map(({ repository }) => repository.id),
      write,
    );
    return ids;
  } finally {
    if (ids.length === 0) returnUsage(usage, asked);
  }
}

/** What a newer row kept out, what PostgreSQL refuses and what another repository has is for a single comparison to judge. */
async function assertAllWritten(tx: Sql, written: readonly SmallContents[]): Promise<void> {
  const [refused] = refusedIn(tx);
  if (refused !== undefined) throw new NotPlain(`refused: ${refused.table} ${refused.key}`);
  const totals = await repositoryTotals(
    tx,
    written.map(({ repository }) => repository.id),
  );
  for (const { repository, commits, issues, pullRequests } of written) {
    const found = totals.get(repository.id) ?? { commits: 0, issues: 0, pull_requests: 0 };
    if (
      found.commits !== commits.length ||
      found.issues !== (issues?.rows.length ?? 0) ||
      found.pull_requests !== (pullRequests?.rows.length ?? 0)
    )
      throw new NotPlain(`other rows than were listed: repository ${repository.id}`);
  }
}

function finished({ repository, head, seen, issues, pullRequests }: SmallContents): FirstComparison {
  const { id, queuedAt, has_issues, has_pull_requests } = repository;
  const open = [...(issues?.rows ?? []), ...(pullRequests?.rows ?? [])].filter(
    ({ state }) => state === 'open',
  );
  return {
    id,
    head_sha: head,
    open: has_issues && has_pull_requests ? open.length : null,
    seen,
    queued_at: queuedAt,
    issues_through: issues && highWaterMark(issues.date),
    pull_requests_through: pullRequests && highWaterMark(pullRequests.date),
  };
}
