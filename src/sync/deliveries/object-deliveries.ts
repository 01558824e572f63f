import { isAhead } from '../ahead.ts';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { emptyReferences, markRowsDeleted, storedRows, type StoredRow } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { deletedReason } from '../../entities/entity.ts';
import { read } from '../../github/answers.ts';
import { isAsDescribed } from '../../github/payloads/payloads.ts';
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
import type { MergedDeliveries, FurtherDeliveries } from './further-deliveries.ts';

/** What deliveries tell of one object, in whatever order they came. */
interface Told {
  guids: Set<string>;
  /** every state that a payload shows */
  states: Row[];
  /** GitHub says that it is gone for good: ids are not given twice */
  deleted: boolean;
  /** a payload shows it of a time to come, or as GitHub never does: GitHub is asked for it */
  doubted: Row | null;
  /** a payload shows it as what readers do not see, a draft say: it may be shown again under the same id */
  withdrawn: boolean;
}

/** Beyond so many objects the list is read once instead. */
const ONE_BY_ONE = 10;

const identified = z.object({ id: z.number().int() });

/**
 * Reads the deliveries of a kind whose payloads show the whole object. A deletion is final; the newest state by the kind's
 * clock is written at once; what has no clock, shares a second or was not known here is asked for as well.
 */
export function createObjectDeliveries(entity: WholeEntity): FurtherDeliveries {
  const told = new Map<number, Told>();

  return {
    read({ event, action, payload, guid, received_at: receivedAt }) {
      const rule = entity.events[event];
      if (rule === undefined) return false;
      const shown = payload[rule.subject];
      const { id } = read(identified, shown, rule.subject);
      const one = told.get(id) ?? {
        guids: new Set(),
        states: [],
        doubted: null,
        deleted: false,
        withdrawn: false,
      };
      told.set(id, one);
      one.guids.add(guid);
      if (deletedReason(rule, action) !== null) one.deleted = true;
      else if (entity.isOther(shown)) one.withdrawn = true;
      else {
        const row = read(entity.row, shown, rule.subject);
        const isDoubted = isAhead(row['updated_at'], Date.parse(receivedAt)) || !isAsDescribed(entity, shown);
        if (isDoubted) one.doubted = row;
        else one.states.push(row);
      }
      return true;
    },
    async merge(context) {
      if (told.size === 0) return nothing;
      if (!context.kinds.has(entity.name)) return namesCleared(context, entity, told);
      const stored = await storedRows(sqlOf(context.orm), entity, context.repository.id, [...told.keys()]);
      const known = [...told].map(([id, one]) => ({ id, told: one, stored: stored.get(id) }));
      const deleted = known.filter((one) => one.told.deleted).map(({ id }) => id);
      const open = known.filter((one) => !one.told.deleted && !isHidden(one));
      const written = open.flatMap((one) => newestOf(entity, one.told, one.stored) ?? []);
      const writeAll = await prepareWhole(context, entity, written, dateOf(entity, written), false);
      const asked = open.filter((one) => isOpen(entity, one.told, one.stored));
      return {
        async write(tx) {
          const marked = await markRowsDeleted(tx, entity, context.repository.id, deleted);
          const counts = await writeAll(tx);
          return { ...counts, [entity.name]: (counts[entity.name] ?? 0) + marked.length };
        },
        questions: questionsFor(context, entity, asked),
      };
    },
  };
}

const nothing: MergedDeliveries = { write: () => Promise.resolve({}), questions: [] };

/** Of a kind that is off no row is touched, but rows of others name what GitHub deleted no longer. */
function namesCleared(
  { repository }: RepositoryContext,
  entity: WholeEntity,
  told: ReadonlyMap<number, Told>,
): MergedDeliveries {
  const deleted = [...told].filter(([, { deleted }]) => deleted).map(([id]) => id);
  return {
    write: async (tx) => {
      await emptyReferences(tx, entity, repository.id, deleted);
      return {};
    },
    questions: [],
  };
}

/** Readers never saw it, and still do not. */
function isHidden({ told, stored }: Asked): boolean {
  return told.withdrawn && told.states.length === 0 && stored?.deleted !== false;
}

/** The state that is written without asking: the newest by the clock, or the only one of an object not known yet. */
function newestOf(entity: WholeEntity, told: Told, stored: StoredRow<Row> | undefined): Row | null {
  if (stored?.deleted === true || told.withdrawn) return null;
  const [first] = told.states;
  if (entity.clock === null) {
    const agree = told.states.every((state) => isDeepStrictEqual(state, first));
    return stored === undefined && agree ? (first ?? null) : null;
  }
  const newest = told.states.toSorted((a, b) => clockOf(entity, b) - clockOf(entity, a))[0];
  if (newest === undefined) return null;
  if (stored === undefined || isAhead(stored.row[entity.clock])) return newest;
  return clockOf(entity, newest) > clockOf(entity, stored.row) ? newest : null;
}

/** Whether payloads leave open what GitHub has now. */
function isOpen(entity: WholeEntity, told: Told, stored: StoredRow<Row> | undefined): boolean {
  if (entity.clock === null || stored === undefined || stored.deleted || told.withdrawn) return true;
  if (told.doubted !== null || isAhead(stored.row[entity.clock])) return true;
  const newest = Math.max(...told.states.map((state) => clockOf(entity, state)), clockOf(entity, stored.row));
  const rivals = [...told.states, stored.row].filter((state) => clockOf(entity, state) === newest);
  const [first] = rivals;
  return first !== undefined && rivals.some((state) => !isSame(state, first));
}

interface Asked {
  id: number;
  told: Told;
  stored: StoredRow<Row> | undefined;
}

/** One question for each; of many, one that reads the list. */
function questionsFor(
  context: RepositoryContext,
  entity: WholeEntity,
  asked: readonly Asked[],
): MergedDeliveries['questions'] {
  if (asked.length <= ONE_BY_ONE) {
    return asked.map((one) => ({
      guids: one.told.guids,
      ask: (last: boolean) => refetchOne(context, entity, one, last),
    }));
  }
  const guids = new Set(asked.flatMap(({ told }) => [...told.guids]));
  const ask = async (last: boolean) => {
    const shown = await readWhole(context, entity, asked);
    return last || shown;
  };
  return [{ guids, ask }];
}

/** Makes one match GitHub's answer; whether that is as new as what was announced. */
async function refetchOne(
  context: RepositoryContext,
  entity: WholeEntity,
  asked: Asked,
  last: boolean,
): Promise<boolean> {
  const { id, told, stored } = asked;
  const at = told.states.at(-1) ?? told.doubted ?? stored?.row;
  const found = await context.api.find(entity, at === undefined ? { id } : addressOf(at));
  const row = found.state === 'found' && found.row.id === id ? found.row : null;
  if (!last && !isShown(entity, asked, row)) return false;
  if (row !== null && found.state === 'found') {
    const write = await prepareWhole(context, entity, [row], found.date);
    await context.save(write);
    const error = await resolveParts(context, entity, [row]);
    if (error !== null && error.code !== 'GITHUB_BAD_ANSWER') throw error;
  } else if (stored?.deleted !== true) {
    // Renamed or gone since, without a delivery of it: its list shows which, and GitHub is asked for each that it lacks.
    if (told.withdrawn) await writeFound(context, entity, [[{ id }, found]]);
    else await readWhole(context, entity, [asked]);
  }
  return true;
}

/** Whether GitHub shows at least what was announced, not the state from before. */
function isShown(entity: WholeEntity, { told, stored }: Asked, row: Row | null): boolean {
  if (row === null) return told.withdrawn || stored?.deleted === true;
  // Whether it was taken back before or after that, its answer does not tell.
  if (told.withdrawn || told.states.some((state) => isBefore(row, state))) return false;
  if (told.states.some((state) => isSame(state, row))) return true;
  if (entity.clock === null) return stored === undefined || stored.deleted || !isSame(stored.row, row);
  return told.states.every((state) => clockOf(entity, state) <= clockOf(entity, row));
}

/** Also of a kind whose rows often lack the time, so that it is no clock. */
function isBefore({ updated_at: time }: Row, { updated_at: other }: Row): boolean {
  return typeof time === 'string' && typeof other === 'string' && Date.parse(time) < Date.parse(other);
}

/**
 * Reads the whole list; whether it shows all that was asked for. An element that cannot be read does not hold up deliveries
 * of others: it is told of, and asked for again, by the comparison.
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

/** As of when the rows show their authors. */
function dateOf(entity: WholeEntity, rows: readonly Row[]): string {
  return new Date(Math.max(0, ...rows.map((row) => clockOf(entity, row)))).toISOString();
}
