import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import type { Sql } from '../../db/orm.ts';
import { clearListed, recordListed } from '../../db/rows/listed-ids.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import { saveHighWaterMark } from '../../db/repository-sync/repository-progress.ts';
import { countedKinds } from '../../entities/index.ts';
import type { CountedKind, CountedRow } from '../../entities/index.ts';
import { atPage, atTarget, currentCheckpoint } from '../checkpoints.ts';
import { createBackgroundSaves } from './background-saves.ts';
import { highWaterMark } from './high-water-mark.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';
import { saveUnreadOf, withMet, withoutReadAgain } from '../context/unread-elements.ts';

const CHUNK_ROWS = 500;

interface Reading {
  /** changed at or after; everything if null */
  since: string | null;
  /** keeps the ids for `unlisted` */
  recordIds: boolean;
  /** the name of its checkpoint, instead of the kind's: it only fills in columns, and ends no record of what is unread */
  key?: string;
}

/** What was listed and is not saved yet. */
interface Chunk {
  rows: CountedRow[];
  unreadable: Unreadable[];
}

/**
 * Reads what changed, or everything. Rows are saved while the pages after them are read.
 *
 * @returns elements that exist but could not be read; null if the kind is switched off at GitHub
 */
export async function readList(
  context: RepositoryContext,
  entity: CountedKind,
  { since, recordIds, key }: Reading,
): Promise<Unreadable[] | null> {
  const { repository } = context;
  const target = recordIds ? 'all' : (since ?? 'first');
  // The two readings of a list have separate checkpoints: each resumes.
  const name = key ?? (recordIds ? checkpointKeys.whole(entity.name) : checkpointKeys.changes(entity.name));
  const saved = repository.checkpoints[name]?.target === target ? repository.checkpoints[name] : undefined;
  if (recordIds && !saved) await context.save((tx) => clearListed(tx, repository.id, entity.name));
  let beganAt = saved?.began_at;
  let held: Chunk = { rows: [], unreadable: [] };
  const unreadable: Unreadable[] = [];
  const saves = createBackgroundSaves();

  async function save(chunk: Chunk, date: string, next: string | null): Promise<void> {
    const rows = [...new Map(chunk.rows.map((row) => [row.id, row])).values()];
    const write = await prepareWrite(context, entity, rows, date);
    await context.save(async (tx) => {
      const changed = await write(tx);
      if (recordIds) {
        const odd = chunk.unreadable.flatMap(({ id }) => id ?? []);
        await recordListed(tx, repository.id, entity.name, [...rows.map((row) => row.id), ...odd]);
      }
      const read = {
        since,
        date,
        throughFrom: next === null && key === undefined ? (beganAt ?? date) : null,
      };
      await recordUnread(tx, context, entity, chunk.unreadable, read);
      const rest = next === null ? null : atPage(next, beganAt ?? date, target);
      await context.saveCheckpoint(tx, name, rest);
      if (next === null && beganAt !== undefined) await saveMark(tx, context, entity, beganAt);
      return { [entity.name]: changed };
    });
  }

  try {
    for await (const page of context.api.list(entity, {
      since,
      from: saved?.url,
      rows: rowsListed(context, entity),
    })) {
      if (page === null) return null;
      beganAt ??= page.date;
      held.rows.push(...page.rows);
      held.unreadable.push(...page.unreadable);
      unreadable.push(...page.unreadable);
      const stop = page.next !== null && context.shouldYield();
      if (stop || held.rows.length >= CHUNK_ROWS || page.next === null) {
        const chunk = held;
        held = { rows: [], unreadable: [] };
        await saves.begin(() => save(chunk, page.date, page.next));
      }
      if (stop) {
        await saves.ended();
        throw new TimeSliceExpired();
      }
    }
    await saves.ended();
  } finally {
    // Nothing may be written after the lease is released.
    await saves.settled();
  }
  return unreadable;
}

/**
 * What was listed is saved with every chunk: another round may finish the reading.
 *
 * @param read from which time on it was listed, when GitHub answered, and, once it is through, when it began
 */
async function recordUnread(
  tx: Sql,
  { repository }: RepositoryFacts,
  { name }: CountedKind,
  met: readonly Unreadable[],
  { since, date, throughFrom }: { since: string | null; date: string; throughFrom: string | null },
): Promise<void> {
  const kept = withMet(repository.unread[name] ?? [], met, since, date);
  const left = throughFrom === null ? kept : withoutReadAgain(kept, since, throughFrom);
  await saveUnreadOf(tx, repository, name, left);
}

/** The list was read to its end: what changed before the reading began is known. */
async function saveMark(
  tx: Sql,
  { repository }: RepositoryFacts,
  { name }: CountedKind,
  beganAt: string,
): Promise<void> {
  const mark = highWaterMark(beganAt);
  repository.high_water_marks[name] = mark;
  await saveHighWaterMark(tx, repository.id, name, mark);
}

/** How many rows GitHub counted when it was last asked, including those of the other kind in the list. */
function rowsListed(
  { repository: { latest_probe: probe } }: RepositoryFacts,
  { name, list }: CountedKind,
): number | null {
  if (probe === null || list.by !== 'since') return null;
  const shown = countedKinds.filter((kind) => kind.name === name || kind.name === list.alsoLists);
  return shown.reduce((sum, kind) => sum + (probe[`${kind.name}_count`] ?? 0), 0);
}

/** The whole list with its ids, unless an earlier round read it but did not resolve all missing rows. */
export async function readWholeList(
  context: RepositoryContext,
  entity: CountedKind,
): Promise<Unreadable[] | null> {
  if (currentCheckpoint(context.repository.checkpoints[checkpointKeys.listed(entity.name)]) !== undefined)
    return [];
  return readList(context, entity, { since: null, recordIds: true });
}

/** Records that the whole list was read, or (false) that the missing rows are resolved. */
export async function recordWholeList(
  context: RepositoryFacts & RepositoryWriter,
  entity: CountedKind,
  unfinished: boolean,
): Promise<void> {
  const name = checkpointKeys.listed(entity.name);
  if (!unfinished && context.repository.checkpoints[name] === undefined) return;
  const checkpoint = unfinished ? atTarget('listed') : null;
  await context.save((tx) => context.saveCheckpoint(tx, name, checkpoint));
}
