import { countListed, unlisted, type NumberedTable } from '../db/queries/issue-numbers.ts';
import { sqlOf } from '../db/orm.ts';
import { liveCounts, type ListDifference, type UnreadElement } from '../db/queries/repository-state.ts';
import { saveDifference, saveHighWaterMark } from '../db/writes/repository-progress.ts';
import type { Entity, EntityRow } from '../entities/entity.ts';
import type { SyncError } from '../errors.ts';
import type { Probe } from '../model.ts';
import { askUnread } from './ask-unread.ts';
import { readList, readWholeList } from './read-list.ts';
import type { RepositoryWork } from './repository-work.ts';
import { settleMissing } from './settle-missing.ts';
import { saveUnreadOf, sinceForUnread, unreadError } from './unread-elements.ts';

/** A kind whose rows GitHub counts: issues and pull requests. */
export type CountedEntity<Row extends EntityRow = EntityRow> = Entity<NumberedTable, Row>;

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
export async function compareList<Row extends EntityRow & { id: number }>(
  work: RepositoryWork,
  entity: CountedEntity<Row>,
  probe: Probe | null,
): Promise<ComparedKind> {
  if (work.mode !== 'everything') {
    const since = sinceForUnread(unreadOf(work, entity), work.repository.high_water_marks[entity.name]);
    const changed = await readList(work, entity, { since, noting: false });
    if (changed === null) return switchedOff(work, entity);
    await askUnread(work, entity);
    if (await countsAgree(work, entity, probe)) return { off: false, error: errorOf(work, entity) };
  }
  for (;;) {
    const odd = await readWholeList(work, entity);
    if (odd === null) return switchedOff(work, entity);
    await askUnread(work, entity);
    const now = await work.probe();
    const listed = await countListed(sqlOf(work.orm), work.repository.id, entity.name);
    // Without a count of GitHub's only what it says of each missing one is evidence.
    const counted = now === null ? null : countIn(now, entity);
    const { stays, readings } = weigh(work.repository.differences[entity.name], counted, listed);
    const agreed = counted === listed + odd.filter(({ id }) => id === null).length;
    // All that GitHub counts was listed: what was stepped over has come from the other end.
    if (counted === listed && odd.every(({ number }) => number !== null)) await forgetHole(work, entity);
    if (agreed || stays || counted === null) {
      const missing = unlisted(sqlOf(work.orm), work.repository.id, entity.name);
      const error = await settleMissing(work, entity, missing, agreed);
      if (counted !== null) await rememberDifference(work, entity, { counted, listed });
      return { off: false, error: error ?? errorOf(work, entity) };
    }
    await remember(work, entity, { counted, listed, ours: null, readings });
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
async function rememberDifference<Row extends EntityRow>(
  work: RepositoryWork,
  entity: CountedEntity<Row>,
  found: Pick<ListDifference, 'counted' | 'listed'>,
): Promise<void> {
  const ours = (await liveCounts(sqlOf(work.orm), work.repository.id))[entity.name];
  const same = ours === found.counted;
  await remember(work, entity, same ? null : { ...found, ours, readings: READINGS });
  if (!same) work.log.info({ list: entity.name, ours, ...found }, 'GitHub counts other rows than are here');
}

function unreadOf<Row extends EntityRow>(
  { repository }: RepositoryWork,
  { name }: CountedEntity<Row>,
): readonly UnreadElement[] {
  return repository.unread[name] ?? [];
}

async function forgetHole<Row extends EntityRow>(
  work: RepositoryWork,
  entity: CountedEntity<Row>,
): Promise<void> {
  const left = unreadOf(work, entity).filter(({ number }) => number !== null);
  await work.save((tx) => saveUnreadOf(tx, work.repository, entity.name, left).then(() => ({})));
}

function errorOf<Row extends EntityRow>(work: RepositoryWork, entity: CountedEntity<Row>): SyncError | null {
  return unreadError(entity.name, unreadOf(work, entity));
}

async function remember<Row extends EntityRow>(
  work: RepositoryWork,
  { name }: CountedEntity<Row>,
  difference: ListDifference | null,
): Promise<void> {
  const { repository } = work;
  if (difference === null && repository.differences[name] === undefined) return;
  await work.save((tx) => saveDifference(tx, repository.id, name, difference).then(() => ({})));
  if (difference === null) delete repository.differences[name];
  else repository.differences[name] = difference;
}

/** Switched on again, all of it is read: nobody told of what happened meanwhile. */
async function switchedOff<Row extends EntityRow>(
  work: RepositoryWork,
  entity: CountedEntity<Row>,
): Promise<ComparedKind> {
  const { repository } = work;
  if (repository.high_water_marks[entity.name] !== null) {
    repository.high_water_marks[entity.name] = null;
    await work.save((tx) => saveHighWaterMark(tx, repository.id, entity.name, null).then(() => ({})));
  }
  return { off: true, error: null };
}

/** GitHub's number of rows against ours; asked anew before a difference is believed. */
async function countsAgree<Row extends EntityRow>(
  work: RepositoryWork,
  entity: CountedEntity<Row>,
  probe: Probe | null,
): Promise<boolean> {
  const ours = (await liveCounts(sqlOf(work.orm), work.repository.id))[entity.name];
  const expected = ours + apart(work.repository.differences[entity.name]);
  if (probe !== null && countIn(probe, entity) === expected) return true;
  const now = await work.probe();
  const counted = now === null ? null : countIn(now, entity);
  return counted === null || counted === expected;
}

function countIn(probe: Probe, { name }: CountedEntity): number | null {
  return probe[`${name}_count`];
}

/** By how much GitHub counts more than is here although all that it lists is: 0 unless it was found otherwise. */
export function apart(difference: ListDifference | undefined): number {
  return difference === undefined || difference.ours === null ? 0 : difference.counted - difference.ours;
}
