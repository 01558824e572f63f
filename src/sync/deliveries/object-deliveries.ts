import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { emptyReferences, markRowsDeleted, storedRows, type StoredRow } from '../../db/rows/entity-rows.ts';
import { valuesOfOthers } from '../../db/rows/namesakes.ts';
import { sqlOf } from '../../db/orm.ts';
import { forgetMatches } from '../../db/repository-sync/wide-probes.ts';
import { deletedReason } from '../../entities/event-rule.ts';
import { read } from '../../github/answers.ts';
import { isAsDescribed } from '../../github/payloads/payloads.ts';
import { isInFuture } from '../../time.ts';
import { isSame } from '../announcements.ts';
import { compareWhole } from '../further/compare-whole.ts';
import {
  addressOf,
  prepareWhole,
  writeFound,
  resolveParts,
  type WholeEntity,
  type WholeRow as Row,
} from '../further/whole-rows.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { learn } from '../context/repository-facts.ts';
import { nothingMerged, type MergedDeliveries, type FurtherDeliveries } from './further-deliveries.ts';

/** What deliveries say about one object, in any order. */
interface Delivered {
  guids: Set<string>;
  /** every state that a payload shows */
  states: Row[];
  /** GitHub deleted it; ids are never reused */
  deleted: boolean;
  /**
   * a payload shows it with a time in the future, or in a way GitHub never does: it is requested from GitHub
   */
  doubted: Row | null;
  /**
   * a payload shows it in a state that readers do not see, such as a draft: it may reappear under the same id
   */
  withdrawn: boolean;
}

/** From this many objects on the list is read once instead. */
const ONE_BY_ONE = 10;

const identified = z.object({ id: z.number().int() });

/**
 * Reads the deliveries of a kind whose payloads contain the whole object. A deletion is final. The newest state
 * by the kind's timestamp is written at once. GitHub is also asked about objects without a timestamp, with
 * states that share a second, or that were not known here, and about all of them if one bears another's name: its
 * deletion or renaming is not known yet, or was lost.
 */
export function createObjectDeliveries(entity: WholeEntity): FurtherDeliveries {
  const delivered = new Map<number, Delivered>();

  return {
    read({ event, action, payload, guid, received_at: receivedAt }) {
      const rule = entity.events[event];
      if (rule === undefined) return false;
      const shown = payload[rule.subject];
      const { id } = read(identified, shown, rule.subject);
      const one = delivered.get(id) ?? {
        guids: new Set(),
        states: [],
        doubted: null,
        deleted: false,
        withdrawn: false,
      };
      delivered.set(id, one);
      one.guids.add(guid);
      if (deletedReason(rule, action) !== null) one.deleted = true;
      else if (entity.isOther(shown)) one.withdrawn = true;
      else {
        const row = read(entity.row, shown, rule.subject);
        const isDoubted =
          isInFuture(row['updated_at'], Date.parse(receivedAt)) || !isAsDescribed(entity, shown);
        if (isDoubted) one.doubted = row;
        else one.states.push(row);
      }
      return true;
    },
    async merge(context) {
      if (delivered.size === 0) return nothingMerged;
      if (!context.kinds.has(entity.name)) return namesCleared(context, entity, delivered);
      const stored = await storedRows(sqlOf(context.orm), entity, context.repository.id, [
        ...delivered.keys(),
      ]);
      const known = [...delivered].map(([id, one]) => ({ id, delivered: one, stored: stored.get(id) }));
      const deleted = known.filter((one) => one.delivered.deleted).map(({ id }) => id);
      const open = known.filter((one) => !one.delivered.deleted && !isHidden(one));
      const written = open.flatMap((one) => newestOf(entity, one.delivered, one.stored) ?? []);
      const writeAll = await prepareWhole(context, entity, written, dateOf(entity, written), false);
      const names = await namesOfOthers(context, entity, open, [...delivered.keys()]);
      const isShared = (row: Row) => names.has(nameOf(entity, row));
      const asked = open.filter(
        (one) => isOpen(entity, one.delivered, one.stored) || one.delivered.states.some(isShared),
      );
      return {
        async write(tx) {
          const marked = await markRowsDeleted(tx, entity, context.repository.id, deleted);
          const counts = await writeAll(tx);
          return { ...counts, [entity.name]: (counts[entity.name] ?? 0) + marked.length };
        },
        questions: questionsFor(context, entity, asked, names.size > 0),
      };
    },
  };
}

/**
 * If the kind is off, none of its rows is touched, but rows of other kinds stop referring to deleted objects.
 */
function namesCleared(
  { repository }: RepositoryContext,
  entity: WholeEntity,
  delivered: ReadonlyMap<number, Delivered>,
): MergedDeliveries {
  const deleted = [...delivered].filter(([, { deleted }]) => deleted).map(([id]) => id);
  return {
    write: async (tx) => {
      await emptyReferences(tx, entity, repository.id, deleted);
      return {};
    },
    questions: [],
  };
}

/** Readers never saw it, and still do not. */
function isHidden({ delivered, stored }: Asked): boolean {
  return delivered.withdrawn && delivered.states.length === 0 && stored?.deleted !== false;
}

/** The state to write without asking: the newest by timestamp, or the only one of an unknown object. */
function newestOf(entity: WholeEntity, delivered: Delivered, stored: StoredRow<Row> | undefined): Row | null {
  if (stored?.deleted === true || delivered.withdrawn) return null;
  const [first] = delivered.states;
  if (entity.clock === null) {
    const agree = delivered.states.every((state) => isDeepStrictEqual(state, first));
    return stored === undefined && agree ? (first ?? null) : null;
  }
  const newest = delivered.states.toSorted((a, b) => clockOf(entity, b) - clockOf(entity, a))[0];
  if (newest === undefined) return null;
  if (stored === undefined || isInFuture(stored.row[entity.clock])) return newest;
  return clockOf(entity, newest) > clockOf(entity, stored.row) ? newest : null;
}

/** Whether payloads leave open what GitHub has now. */
function isOpen(entity: WholeEntity, delivered: Delivered, stored: StoredRow<Row> | undefined): boolean {
  if (entity.clock === null || stored === undefined || stored.deleted || delivered.withdrawn) return true;
  if (delivered.doubted !== null || isInFuture(stored.row[entity.clock])) return true;
  const newest = Math.max(
    ...delivered.states.map((state) => clockOf(entity, state)),
    clockOf(entity, stored.row),
  );
  const rivals = [...delivered.states, stored.row].filter((state) => clockOf(entity, state) === newest);
  const [first] = rivals;
  return first !== undefined && rivals.some((state) => !isSame(state, first));
}

/** The names in these deliveries that rows of others, about which none of them is, have as well. */
async function namesOfOthers(
  { orm, repository }: RepositoryContext,
  entity: WholeEntity,
  open: readonly Asked[],
  ids: readonly number[],
): Promise<Set<string>> {
  const names = open.flatMap(({ delivered }) => delivered.states.map((row) => nameOf(entity, row)));
  return valuesOfOthers(sqlOf(orm), entity, repository.id, names, ids);
}

function nameOf({ unique }: WholeEntity, row: Row): string {
  return unique === null ? '' : String(row[unique]);
}

interface Asked {
  id: number;
  delivered: Delivered;
  stored: StoredRow<Row> | undefined;
}

/**
 * One request per object; if there are many, a single one that reads the list.
 *
 * @param isWhole the list is read, whatever their number: it may lack objects that none of them is about
 */
function questionsFor(
  context: RepositoryContext,
  entity: WholeEntity,
  asked: readonly Asked[],
  isWhole: boolean,
): MergedDeliveries['questions'] {
  if (asked.length <= ONE_BY_ONE && !isWhole) {
    return asked.map((one) => ({
      guids: one.delivered.guids,
      ask: (last: boolean) => refetchOne(context, entity, one, last),
    }));
  }
  const guids = new Set(asked.flatMap(({ delivered }) => [...delivered.guids]));
  const ask = async (last: boolean) => {
    const shown = await readWhole(context, entity, asked);
    if (last && !shown) await compareAgain(context);
    return last || shown;
  };
  return [{ guids, ask }];
}

/** Makes one object match GitHub's answer; returns whether that is as new as announced. */
async function refetchOne(
  context: RepositoryContext,
  entity: WholeEntity,
  asked: Asked,
  last: boolean,
): Promise<boolean> {
  const { id, delivered, stored } = asked;
  const at = delivered.states.at(-1) ?? delivered.doubted ?? stored?.row;
  const found = await context.api.find(entity, at === undefined ? { id } : addressOf(at));
  const row = found.state === 'found' && found.row.id === id ? found.row : null;
  const isOld = !isShown(entity, asked, row);
  if (!last && isOld) return false;
  if (isOld) await compareAgain(context);
  if (row !== null && found.state === 'found') {
    const write = await prepareWhole(context, entity, [row], found.date);
    await context.save(write);
    const error = await resolveParts(context, entity, [row]);
    if (error !== null && error.code !== 'GITHUB_BAD_ANSWER') throw error;
  } else if (stored?.deleted !== true) {
    // Renamed or deleted since, without a delivery: its list shows which, and missing objects are requested
    // individually.
    if (delivered.withdrawn) await writeFound(context, entity, [[{ id }, found]]);
    else await readWhole(context, entity, [asked]);
  }
  return true;
}

/**
 * The answer is accepted although it does not show what was announced: the delivery was late, or GitHub's replica is. No
 * timestamp of the repository shows which, so the lists are read again at the next sweep.
 */
async function compareAgain(context: RepositoryContext): Promise<void> {
  const { repository } = context;
  await context.save((tx) => forgetMatches(tx, repository.id));
  learn(repository, { applied_probe: null, wide_applied: null });
}

/** Whether GitHub shows at least what was announced, not the previous state. */
function isShown(entity: WholeEntity, { delivered, stored }: Asked, row: Row | null): boolean {
  if (row === null) {
    // One that was withdrawn, a release say, may be back: then it is newer than what was withdrawn.
    const isBack = stored?.deleted === true && delivered.states.some((state) => isBefore(stored.row, state));
    return delivered.withdrawn || (stored?.deleted === true && !isBack);
  }
  // Its answer does not show whether it was withdrawn before or after that.
  if (delivered.withdrawn || delivered.states.some((state) => isBefore(row, state))) return false;
  if (
    delivered.doubted !== null &&
    !isInFuture(delivered.doubted['updated_at']) &&
    isBefore(row, delivered.doubted)
  )
    return false;
  if (delivered.states.some((state) => isSame(state, row))) return true;
  if (entity.clock === null) return stored === undefined || stored.deleted || !isSame(stored.row, row);
  return delivered.states.every((state) => clockOf(entity, state) <= clockOf(entity, row));
}

/** Also for a kind whose rows often lack the time, so that it cannot be used for ordering. */
function isBefore({ updated_at: time }: Row, { updated_at: other }: Row): boolean {
  return typeof time === 'string' && typeof other === 'string' && Date.parse(time) < Date.parse(other);
}

/**
 * Reads the whole list; returns whether it shows everything that was requested. An element that cannot be read
 * does not delay deliveries of others: the comparison reports it and requests it again.
 */
async function readWhole(
  context: RepositoryContext,
  entity: WholeEntity,
  asked: readonly Asked[],
): Promise<boolean> {
  const error = await compareWhole(context, entity);
  const ids = asked.map(({ id }) => id);
  const now = await storedRows(sqlOf(context.orm), entity, context.repository.id, ids);
  const rows = asked.map((one) => [one, liveRow(now.get(one.id))] as const);
  const isOthers = rows.every(([one, row]) => row === null || isShown(entity, one, row));
  if (error !== null && (error.code !== 'GITHUB_BAD_ANSWER' || !isOthers)) throw error;
  return rows.every(([one, row]) => isShown(entity, one, row));
}

function liveRow(stored: StoredRow<Row> | undefined): Row | null {
  return stored === undefined || stored.deleted ? null : stored.row;
}

function clockOf({ clock }: WholeEntity, row: Row): number {
  return clock === null ? 0 : Date.parse(String(row[clock]));
}

/** The date of the rows' authors. */
function dateOf(entity: WholeEntity, rows: readonly Row[]): string {
  return new Date(Math.max(0, ...rows.map((row) => clockOf(entity, row)))).toISOString();
}
