import { clearListed, noteListed } from '../db/writes/listed-ids.ts';
import type { Unreadable } from '../github/unreadable.ts';
import type { ComparedList } from './compare-list.ts';
import { OutOfTime, type RepositoryWork } from './repository-work.ts';

const CHUNK_ROWS = 500;
/** Replicas lag and a second has room for two edits: what is younger is read again next time. */
const OVERLAP_MS = 60_000;
/** A list that was read longer ago is no longer what its missing ones are judged by. */
const ONE_LOOK_MS = 3_600_000;

/**
 * Reads what changed since `since`, all when null; `noting` keeps the ids for `unlisted`.
 *
 * @returns what is there and could not be read; null when GitHub has this kind of data switched off
 */
export async function readList<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  since: string | null,
  noting: boolean,
): Promise<Unreadable[] | null> {
  const { repository } = work;
  const target = noting ? 'all' : (since ?? 'first');
  // The two readings of a list are remembered apart: each goes on where it was.
  const name = noting ? `${list.table} all` : list.table;
  const saved = repository.walks[name]?.target === target ? repository.walks[name] : undefined;
  if (noting && !saved) await work.save((tx) => clearListed(tx, repository.id, list.table).then(() => ({})));
  let beganAt = saved?.began_at;
  let held: Row[] = [];
  let odd: number[] = [];
  const unreadable: Unreadable[] = [];

  async function flush(date: string, next: string | null): Promise<void> {
    const rows = [...new Map(held.map((row) => [row.id, row])).values()];
    const write = await list.write(rows, date);
    await work.save(async (tx) => {
      const changed = await write(tx);
      if (noting) await noteListed(tx, repository.id, list.table, [...rows.map((row) => row.id), ...odd]);
      const walk = next === null ? null : { url: next, began_at: beganAt ?? date, target };
      await work.saveWalk(tx, name, walk);
      if (next === null && beganAt !== undefined) {
        await list.saveThrough(tx, new Date(Date.parse(beganAt) - OVERLAP_MS).toISOString());
      }
      return { [list.table]: changed };
    });
    held = [];
    odd = [];
  }

  for await (const page of list.read(since, saved?.url)) {
    if (page === null) return null;
    beganAt ??= page.date;
    held.push(...page.rows);
    odd.push(...page.unreadable.flatMap(({ id }) => id ?? []));
    unreadable.push(...page.unreadable);
    const stop = page.next !== null && work.timeIsUp();
    if (stop || held.length >= CHUNK_ROWS || page.next === null) await flush(page.date, page.next);
    if (stop) throw new OutOfTime();
  }
  // A walk that has ended must not be gone on with by another reading in the same round.
  delete repository.walks[name];
  return unreadable;
}

/** The whole list with its ids, unless an earlier round read it and only did not come to all that it lacks. */
export async function readWholeList<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
): Promise<Unreadable[] | null> {
  const read = work.repository.walks[listedWalk(list)];
  if (read && Date.parse(read.began_at) > Date.now() - ONE_LOOK_MS) return [];
  return readList(work, list, null, true);
}

/** Remembers that the whole list was read, or (false) that what it lacks is settled. */
export async function noteWholeList<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  unfinished: boolean,
): Promise<void> {
  const name = listedWalk(list);
  if (!unfinished && work.repository.walks[name] === undefined) return;
  const walk = unfinished ? { url: '', began_at: new Date().toISOString(), target: 'listed' } : null;
  await work.save((tx) => work.saveWalk(tx, name, walk).then(() => ({})));
  if (walk === null) delete work.repository.walks[name];
  else work.repository.walks[name] = walk;
}

function listedWalk<Row extends { id: number }>(list: ComparedList<Row>): string {
  return `${list.table} listed`;
}
