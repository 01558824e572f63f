import { addLiveCommits, type StoredCommit } from '../../db/commits/write-commits.ts';
import { addToJob } from '../../db/jobs/write-jobs.ts';
import type { Sql } from '../../db/orm.ts';
import {
  finishFirstComparisons,
  type FirstComparison,
} from '../../db/repository-sync/finish-first-comparisons.ts';
import { repositoryTotals } from '../../db/repository-sync/repository-state.ts';
import type { SharedLease } from '../../db/repository-sync/shared-lease.ts';
import { writeRows } from '../../db/rows/entity-rows.ts';
import { refusedIn, type RefusedRow } from '../../db/rows/upsert-rows.ts';
import { branches } from '../../entities/branches.ts';
import type { Entity, EntityRow } from '../../entities/entity.ts';
import { countedKinds, forCounted, type CountedName, type CountedRow } from '../../entities/index.ts';
import { returnUsage, takeUsage, type Usage } from '../../github/session/usage.ts';
import type { RowCounts } from '../../model.ts';
import { resolveAccounts, resolveAuthors } from '../contributors/resolve-authors.ts';
import { describedKinds, kindsOn, versionsOf } from '../further/kinds-on.ts';
import { highWaterMark } from '../listings/high-water-mark.ts';
import { isAllSwitchedOn, readable } from '../context/readable.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { rowsOf } from '../context/store-rows.ts';
import type { SmallContents } from './read-small-repository.ts';

/** Some row is not stored as it was read: the comparison of the single repository finds out which one. */
export class NotPlain extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'NotPlain';
  }
}

interface Writing {
  lease: SharedLease;
  jobId: string;
  /** the requests so far: they are counted together with the rows that they were for */
  usage: Usage;
  noreplyHost: RegExp | undefined;
}

/** The authors of what was read. */
interface People {
  commits: readonly StoredCommit[];
  /** our ids of the authors of counted rows, by GitHub's */
  contributors: ReadonlyMap<number, number>;
}

/**
 * Writes everything of several small repositories, of which nothing was stored, in one transaction: their rows,
 * what follows from them, the end of their comparison and the counts of the job.
 *
 * @returns the ids of those that were written; the leases of the others were lost
 * @throws NotPlain, and nothing is written
 */
export async function writeSmallRepositories(
  deps: SyncDependencies,
  read: readonly SmallContents[],
  { lease, jobId, usage, noreplyHost }: Writing,
): Promise<number[]> {
  const [first] = read;
  if (first === undefined) return [];
  const people = await resolvePeople(deps, read, first, noreplyHost);
  const may = readable(first.repository.permissions);
  const described = describedKinds(kindsOn(may, deps.skippedKinds), may);
  const required = described.filter((kind) => kind.required);
  const isMoreToRead = described.length > required.length;

  async function write(tx: Sql, held: ReadonlySet<number>): Promise<number[]> {
    const written = read.filter(({ repository }) => held.has(repository.id));
    if (written.length === 0) return [];
    const rows = await writeContents(tx, written, people);
    await assertAllWritten(tx, written);
    await finishFirstComparisons(tx, written.map(finished), versionsOf(required), isMoreToRead);
    await addToJob(tx, jobId, { rows, ...asked, repositories: written.length });
    return idsOf(written);
  }

  // Taken out at once, because the usage is also written every ten seconds.
  const asked = takeUsage(usage);
  let ids: number[] = [];
  try {
    ids = await lease.write(idsOf(read), write);
    return ids;
  } finally {
    if (ids.length === 0) returnUsage(usage, asked);
  }
}

async function resolvePeople(
  { orm }: SyncDependencies,
  read: readonly SmallContents[],
  first: SmallContents,
  noreplyHost: RegExp | undefined,
): Promise<People> {
  const refused: RefusedRow[] = [];
  // An older answer never renames anybody.
  const date = read.reduce((oldest, one) => (one.date < oldest ? one.date : oldest), first.date);
  const shown = read.flatMap(({ repository, commits }) =>
    commits.map((row) => ({ ...row, repository_id: repository.id })),
  );
  const commits = await resolveAuthors(orm, shown, date, noreplyHost, refused);
  const authors = read.flatMap((one) =>
    countedKinds.flatMap(({ name }) => countedRows(one, name).map(({ author }) => author)),
  );
  const contributors = await resolveAccounts(orm, authors, date, refused);
  if (refused.length > 0) throw new NotPlain('a person is refused');
  return { commits, contributors };
}

/** @returns how many rows were written, per table */
async function writeContents(
  tx: Sql,
  written: readonly SmallContents[],
  { commits, contributors }: People,
): Promise<RowCounts> {
  const ids = new Set(idsOf(written));
  const all = <Row extends EntityRow>(
    kind: Entity<string, Row>,
    rowsIn: (one: SmallContents) => readonly Row[],
  ) => written.flatMap((one) => rowsOf(kind, one.repository.id, rowsIn(one), contributors));
  const counts: Record<string, number> = {
    branches: await writeRows(
      tx,
      branches,
      all(branches, (one) => one.branches),
    ),
    commits: await addLiveCommits(
      tx,
      commits.filter((row) => ids.has(row.repository_id)),
    ),
  };
  for (const kind of countedKinds) {
    counts[kind.name] = await writeRows(
      tx,
      kind,
      all<CountedRow>(kind, (one) => countedRows(one, kind.name)),
    );
  }
  return counts;
}

/**
 * Rows that a newer one kept out, that PostgreSQL rejected, or that another repository has are left to a
 * separate comparison.
 */
async function assertAllWritten(tx: Sql, written: readonly SmallContents[]): Promise<void> {
  const [refused] = refusedIn(tx);
  if (refused !== undefined) throw new NotPlain(`refused: ${refused.table} ${refused.key}`);
  const totals = await repositoryTotals(tx, idsOf(written));
  for (const one of written) {
    const { id } = one.repository;
    const found = totals.get(id);
    const areOthers =
      (found?.commits ?? 0) !== one.commits.length ||
      countedKinds.some(({ name }) => (found?.[name] ?? 0) !== countedRows(one, name).length);
    if (areOthers) throw new NotPlain(`other rows than were listed: repository ${id}`);
  }
}

function finished(contents: SmallContents): FirstComparison {
  const { repository, head, applied, counted } = contents;
  const open = countedKinds.flatMap(({ name }) =>
    countedRows(contents, name).filter(({ state }) => state === 'open'),
  );
  return {
    id: repository.id,
    head_sha: head,
    open: isAllSwitchedOn(repository) ? open.length : null,
    applied,
    queued_at: repository.queuedAt,
    high_water_marks: forCounted((name) => counted[name] && highWaterMark(counted[name].date)),
  };
}

function countedRows({ counted }: SmallContents, name: CountedName): readonly CountedRow[] {
  return counted[name]?.rows ?? [];
}

function idsOf(contents: readonly SmallContents[]): number[] {
  return contents.map(({ repository }) => repository.id);
}
