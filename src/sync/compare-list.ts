import { unlisted, type Numbered, type NumberedTable } from '../db/queries/issue-numbers.ts';
import { clearListed, noteListed } from '../db/writes/listed-ids.ts';
import { sqlOf } from '../db/orm.ts';
import { liveCounts } from '../db/queries/repository-state.ts';
import type { Sql } from '../db/orm.ts';
import { SyncError } from '../errors.ts';
import type { RowPage } from '../github/repository-api.ts';
import type { Probe } from '../model.ts';
import { OutOfTime, type RepositoryWork } from './repository-work.ts';

/** What issues and pull requests have in common when they are compared. */
export interface ComparedList<Row extends { id: number }> {
  table: NumberedTable;
  /** rows changed since `since` (all when null), or from where an earlier reading stopped; null: switched off */
  read(since: string | null, from: string | undefined): AsyncIterable<RowPage<Row> | null>;
  /** writes rows and says how many changed */
  write(rows: readonly Row[], date: string): Promise<(tx: Sql) => Promise<number>>;
  /** what became of live rows that a complete list lacks; marks those that GitHub lost */
  settleMissing(missing: readonly Numbered[]): Promise<void>;
  /** null where GitHub does not tell */
  count(probe: Probe): number | null;
  through: string | null;
  saveThrough(tx: Sql, through: string): Promise<void>;
}

const CHUNK_ROWS = 500;
/** Replicas lag and a second has room for two edits: what is younger is read again next time. */
const OVERLAP_MS = 60_000;
const READINGS = 3;

/**
 * Brings a list to GitHub's: what changed since the last time, then, when the number of rows shows that
 * something is missing or too much, the whole list.
 */
export async function compareList<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  probe: Probe | null,
): Promise<void> {
  const everything = work.mode === 'everything';
  if (!everything && !(await readList(work, list, list.through, false))) return;
  if (!everything && (await countsAgree(work, list, probe))) return;
  for (let reading = 1; ; reading += 1) {
    if (!(await readList(work, list, null, true))) return;
    const now = await work.probe();
    const { listed, missing } = await unlisted(sqlOf(work.orm), work.repository.id, list.table);
    // Without a count of GitHub's there is no evidence of an absence, and nothing is marked.
    const total = now === null ? null : list.count(now);
    if (total === null) return;
    if (listed === total) {
      await list.settleMissing(missing);
      return;
    }
    if (reading === READINGS) {
      throw new SyncError('LIST_SHIFTED', `${listed} of ${total} ${list.table} were listed`, {
        retryAfterMs: 5000,
      });
    }
  }
}

/** GitHub's number of rows against ours; asked anew before a difference is believed. */
async function countsAgree<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  probe: Probe | null,
): Promise<boolean> {
  const counts = await liveCounts(sqlOf(work.orm), work.repository.id);
  if (probe !== null && list.count(probe) === counts[list.table]) return true;
  const now = await work.probe();
  const total = now === null ? null : list.count(now);
  return total === null || total === counts[list.table];
}

/** @returns false when GitHub has this kind of data switched off: the rows stay as they were */
async function readList<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  since: string | null,
  noting: boolean,
): Promise<boolean> {
  const { repository } = work;
  const target = noting ? 'all' : (since ?? 'first');
  // The two readings of a list are remembered apart: each goes on where it was.
  const name = noting ? `${list.table} all` : list.table;
  const saved = repository.walks[name]?.target === target ? repository.walks[name] : undefined;
  if (noting && !saved) await work.save((tx) => clearListed(tx, repository.id, list.table).then(() => ({})));
  let beganAt = saved?.began_at;
  let held: Row[] = [];

  async function flush(date: string, next: string | null): Promise<void> {
    const rows = [...new Map(held.map((row) => [row.id, row])).values()];
    const write = await list.write(rows, date);
    await work.save(async (tx) => {
      const changed = await write(tx);
      if (noting)
        await noteListed(
          tx,
          repository.id,
          list.table,
          rows.map((row) => row.id),
        );
      const walk = next === null ? null : { url: next, began_at: beganAt ?? date, target };
      await work.saveWalk(tx, name, walk);
      if (next === null && beganAt !== undefined) {
        await list.saveThrough(tx, new Date(Date.parse(beganAt) - OVERLAP_MS).toISOString());
      }
      return { [list.table]: changed };
    });
    held = [];
  }

  for await (const page of list.read(since, saved?.url)) {
    if (page === null) return false;
    beganAt ??= page.date;
    held.push(...page.rows);
    const stop = page.next !== null && work.timeIsUp();
    if (stop || held.length >= CHUNK_ROWS || page.next === null) await flush(page.date, page.next);
    if (stop) throw new OutOfTime();
  }
  return true;
}
