import { sql } from 'kysely';
import type { ErrorCode } from '../../errors.ts';
import type { Probe, RowCounts, WideProbe } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { FAR_AHEAD_MS } from '../times-ahead.ts';
import { forCounted, type ByCounted, type CountedName } from '../../entities/index.ts';
import { compareMode, type CompareMode } from './compare-mode.ts';
import { countedColumns, liveTotals, switches } from '../rows/counted-columns.ts';

/**
 * Where the reading of a long list resumes, or the progress of other work (created by `sync/checkpoints.ts`).
 */
export interface Checkpoint {
  /** of the next page; empty if there is none: the list was read to its end, or the work is not a list */
  url: string;
  /** GitHub's time when the reading began: changes before that are stored when it ends */
  began_at: string;
  /** what is being read, if that can change between two rounds: a head, a set of ids */
  target: string;
  /** for a history: listed commits that no commit listed before names as its parent */
  tips?: string[];
  /** why some of it could not be read, so far */
  error?: { code: ErrorCode; message: string };
  /** for finished work: the kind is switched off at GitHub */
  off?: boolean;
  /** for a full comparison: rows per table that differed and were repaired so far, in all of its rounds */
  healed?: RowCounts;
}

/** How GitHub's count of a list differed from the list itself when both were read. */
export interface ListDifference {
  counted: number;
  listed: number;
  /** live rows here when nothing was left to read; null while the list is still being read again */
  ours: number | null;
  /** how often the list was read before the difference was considered permanent */
  readings: number;
  /** from when on the list is read once more; absent once the difference is permanent */
  recheck_at?: string;
}

/** An element of a list that exists but could not be read. */
export interface UnreadElement {
  /** how to request it; null if it shows no identity, so that only the list can show it again */
  number: number | null;
  /** the list was read from there on (a high-water mark), or all of it (null) */
  since: string | null;
  /** the field or status that was wrong, never content */
  reason: string;
  /** when it was last met */
  met_at: string;
  /** when it was first met; entries of earlier versions lack it */
  first_met_at?: string;
  /** since when the list has lacked rows that GitHub has, in each reading */
  lacking_since?: string;
  /** the list failed as a whole when it was last requested: nothing tells what it would show */
  unlisted?: true;
  /** the row that PostgreSQL rejects */
  row?: string;
  /** the commit, which has no number */
  sha?: string;
  /** where its history continues: as the commit says, or (`guessed`) the commits listed after such commits */
  parents?: string[];
  guessed?: boolean;
}

/** A repository's row and the state of its mirroring. */
export interface StoredRepository extends ByCounted<'has_', '', boolean>, ByCounted<'', '_count', number> {
  id: number;
  node_id: string;
  full_name: string;
  installation_id: number | null;
  installation_suspended: boolean;
  permissions: Record<string, string> | null;
  default_branch: string;
  head_sha: string | null;
  updated_at: string;
  last_synced_at: string | null;
  removed_at: string | null;
  removed_reason: string | null;
  checkpoints: Record<string, Checkpoint>;
  differences: Record<string, ListDifference>;
  /** by further kind, the version of its description with which its rows were last read in full */
  imported: Record<string, number>;
  /** by kind: what is to be requested again */
  unread: Record<string, UnreadElement[]>;
  /** by kind: everything updated before this time is stored */
  high_water_marks: Record<CountedName, string | null>;
  /** GitHub's latest answer to the wider query, and the one that the rows of further kinds match */
  wide_latest: WideProbe | null;
  wide_applied: WideProbe | null;
  /** by further kind: the same */
  further_marks: Record<string, string>;
  /** GitHub's latest answer to every sweep's query, and the one that the rows match */
  latest_probe: Probe | null;
  applied_probe: Probe | null;
  /** when it was last compared although GraphQL does not answer about it; null once it does */
  without_graphql_at: string | null;
  queued_at: string | null;
  queued_mode: CompareMode | null;
}

export async function findRepository(db: Sql, repositoryId: number): Promise<StoredRepository | null> {
  const [repository] = await findRepositories(db, [repositoryId]);
  return repository ?? null;
}

type Marks = ByCounted<'', '_through', string | null>;
const marks = countedColumns((name) => sql`s.${sql.ref(`${name}_through`)}`);

/** Those of these repositories that exist here, by id. */
export async function findRepositories(db: Sql, ids: readonly number[]): Promise<StoredRepository[]> {
  const { rows } = await sql<Omit<StoredRepository, 'high_water_marks'> & Marks>`
    select r.id, r.node_id, r.full_name, r.installation_id, r.default_branch, r.head_sha, ${switches}, r.updated_at,
      r.last_synced_at, r.removed_at, r.removed_reason,
      coalesce(i.suspended_at is not null, false) as installation_suspended, i.permissions,
      coalesce(s.walks, '{}') as checkpoints, coalesce(s.differences, '{}') as differences, coalesce(s.imported, '{}') as imported, coalesce(s.unread, '{}') as unread, coalesce(s.high_water_marks, '{}') as further_marks,
      ${marks}, s.wide_latest, s.wide_applied, s.probed as latest_probe, s.seen as applied_probe, s.without_graphql_at,
      s.wanted_at as queued_at, ${compareMode(sql`s.wanted_mode`)} as queued_mode,
      ${liveTotals}
    from repositories r
    left join installations i on i.id = r.installation_id
    left join repository_sync s on s.repository_id = r.id
    left join repository_totals t on t.repository_id = r.id
    where r.id = any(${ids}::bigint[]) order by r.id`.execute(db);
  return rows.map((row) => ({
    ...row,
    unread: correctMetTimes(row.unread),
    high_water_marks: forCounted((name) => row[`${name}_through`]),
  }));
}

const LONG_AGO = new Date(0).toISOString();

/**
 * Times that lie far ahead were recorded while a clock was wrong. Until then the elements would not be requested again, and
 * a reading that does not meet them would not count as later: they were met long ago.
 */
function correctMetTimes(unread: StoredRepository['unread']): StoredRepository['unread'] {
  const latest = new Date(Date.now() + FAR_AHEAD_MS).toISOString();
  const correct = (element: UnreadElement): UnreadElement => ({
    ...element,
    ...(element.met_at > latest && { met_at: LONG_AGO }),
    ...(element.first_met_at !== undefined && element.first_met_at > latest && { first_met_at: LONG_AGO }),
    ...(element.lacking_since !== undefined && element.lacking_since > latest && { lacking_since: LONG_AGO }),
  });
  return Object.fromEntries(Object.entries(unread).map(([list, elements]) => [list, elements.map(correct)]));
}

/** Live rows of a repository, as counted by the table's triggers. */
export async function liveCounts(db: Sql, repositoryId: number): Promise<Record<CountedName, number>> {
  const { rows } = await sql<Record<CountedName, number>>`
    select ${countedColumns()} from repository_totals where repository_id = ${repositoryId}`.execute(db);
  return rows[0] ?? forCounted(() => 0);
}

export type RowTotals = Record<'commits' | CountedName, number>;

/** The same for several repositories, with their commits; those without any rows are left out. */
export async function repositoryTotals(db: Sql, ids: readonly number[]): Promise<Map<number, RowTotals>> {
  const { rows } = await sql<RowTotals & { id: number }>`
    select repository_id as id, commits, ${countedColumns()} from repository_totals
    where repository_id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
