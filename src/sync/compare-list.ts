import { unlisted, type NumberedTable } from '../db/queries/issue-numbers.ts';
import { sqlOf } from '../db/orm.ts';
import { liveCounts, type ListDifference } from '../db/queries/repository-state.ts';
import { saveDifference } from '../db/writes/repository-progress.ts';
import type { Sql } from '../db/orm.ts';
import { SyncError } from '../errors.ts';
import type { Unreadable } from '../github/unreadable.ts';
import type { Found, RowPage } from '../github/repository-api.ts';
import type { Probe } from '../model.ts';
import { readList, readWholeList } from './read-list.ts';
import type { RepositoryWork } from './repository-work.ts';
import { settleMissing } from './settle-missing.ts';

/** What issues and pull requests have in common when they are compared. */
export interface ComparedList<Row extends { id: number }> {
  table: NumberedTable;
  /** rows changed since `since` (all when null), or from where an earlier reading stopped; null: switched off */
  read(since: string | null, from: string | undefined): AsyncIterable<RowPage<Row> | null>;
  /** writes rows and says how many changed */
  write(rows: readonly Row[], date: string): Promise<(tx: Sql) => Promise<number>>;
  /** what GitHub says of one that its list lacks */
  find(number: number): Promise<Found<Row>>;
  /** marks rows that GitHub lost */
  mark(tx: Sql, ids: readonly number[], reason: 'deleted' | 'transferred'): Promise<number>;
  /** null where GitHub does not tell */
  count(probe: Probe): number | null;
  through: string | null;
  saveThrough(tx: Sql, through: string | null): Promise<void>;
}

/** How the comparison of one kind of data ended. */
export interface ComparedKind {
  /** GitHub has this kind switched off: its rows stay as they were */
  off: boolean;
  /** why some of it could not be had; everything else of it is right */
  error: SyncError | null;
}

/** A list that GitHub's count contradicts is read again, so often at first. */
const READINGS = 3;

/**
 * Brings a list to GitHub's: what changed since the last time, then, when the number of rows shows that
 * something is missing or too much, the whole list.
 *
 * GitHub's count and its list may differ for weeks (rows hidden from the list). A difference that stays is
 * remembered, and the whole list read again when it moves.
 */
export async function compareList<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  probe: Probe | null,
): Promise<ComparedKind> {
  if (work.mode !== 'everything') {
    const changed = await readList(work, list, list.through, false);
    if (changed === null) return switchedOff(work, list);
    if (await countsAgree(work, list, probe)) {
      return { off: false, error: oddError(list, reasonOf(changed) ?? unreadableSince(work, list)) };
    }
  }
  for (;;) {
    const odd = await readWholeList(work, list);
    if (odd === null) return switchedOff(work, list);
    const now = await work.probe();
    const { listed, missing } = await unlisted(sqlOf(work.orm), work.repository.id, list.table);
    // Without a count of GitHub's only what it says of each missing one is evidence.
    const counted = now === null ? null : list.count(now);
    const { stays, readings } = weigh(work.repository.differences[list.table], counted, listed);
    const agreed = counted === listed + odd.filter(({ id }) => id === null).length;
    if (agreed || stays || counted === null) {
      const error = await settleMissing(work, list, missing, agreed);
      const reason = reasonOf(odd);
      if (counted !== null) await rememberDifference(work, list, { counted, listed, unreadable: reason });
      return { off: false, error: error ?? oddError(list, reason) };
    }
    await remember(work, list, { counted, listed, ours: null, unreadable: null, readings });
  }
}

/** Whether a difference is one that reading the list once more will not end. */
function weigh(
  known: ListDifference | undefined,
  counted: number | null,
  listed: number,
): { stays: boolean; readings: number } {
  const readings = Math.min(READINGS, (known?.readings ?? 0) + 1);
  const same = known?.counted === counted && known.listed === listed;
  return { stays: same || readings === READINGS, readings };
}

/** Keeps by how much GitHub's count and what is here differ, now that nothing of the list is left to read. */
async function rememberDifference<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  found: Pick<ListDifference, 'counted' | 'listed' | 'unreadable'>,
): Promise<void> {
  const ours = (await liveCounts(sqlOf(work.orm), work.repository.id))[list.table];
  const same = ours === found.counted && found.unreadable === null;
  await remember(work, list, same ? null : { ...found, ours, readings: READINGS });
  if (!same) work.log.info({ list: list.table, ours, ...found }, 'GitHub counts other rows than are here');
}

function reasonOf(unreadable: readonly Unreadable[]): string | null {
  return unreadable[0]?.reason ?? null;
}

/** What could not be read when the whole list last was: it is not read again before something moves. */
function unreadableSince<Row extends { id: number }>(
  work: RepositoryWork,
  { table }: ComparedList<Row>,
): string | null {
  return work.repository.differences[table]?.unreadable ?? null;
}

function oddError<Row extends { id: number }>(
  { table }: ComparedList<Row>,
  reason: string | null,
): SyncError | null {
  return reason === null ? null : new SyncError('GITHUB_BAD_ANSWER', `one of the ${table}: ${reason}`);
}

async function remember<Row extends { id: number }>(
  work: RepositoryWork,
  { table }: ComparedList<Row>,
  difference: ListDifference | null,
): Promise<void> {
  const { repository } = work;
  if (difference === null && repository.differences[table] === undefined) return;
  await work.save((tx) => saveDifference(tx, repository.id, table, difference).then(() => ({})));
  if (difference === null) delete repository.differences[table];
  else repository.differences[table] = difference;
}

/** Switched on again, all of it is read: nobody told of what happened meanwhile. */
async function switchedOff<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
): Promise<ComparedKind> {
  if (list.through !== null) await work.save((tx) => list.saveThrough(tx, null).then(() => ({})));
  return { off: true, error: null };
}

/** GitHub's number of rows against ours; asked anew before a difference is believed. */
async function countsAgree<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  probe: Probe | null,
): Promise<boolean> {
  const ours = (await liveCounts(sqlOf(work.orm), work.repository.id))[list.table];
  const expected = ours + apart(work.repository.differences[list.table]);
  if (probe !== null && list.count(probe) === expected) return true;
  const now = await work.probe();
  const counted = now === null ? null : list.count(now);
  return counted === null || counted === expected;
}

/** By how much GitHub counts more than is here although all that it lists is: 0 unless it was found otherwise. */
export function apart(difference: ListDifference | undefined): number {
  return difference === undefined || difference.ours === null ? 0 : difference.counted - difference.ours;
}
