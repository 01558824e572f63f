import { markRowsDeleted, storedRows, writeRows, type StoredRow } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { deletedReason } from '../../entities/event-rule.ts';
import { readUpdatedAt } from '../../github/payloads/payloads.ts';
import { readComment } from '../../github/payloads/comment-payload.ts';
import { isInFuture } from '../../time.ts';
import { isSame } from '../announcements.ts';
import type { CommentKind, CommentRow } from '../further/comment-kind.ts';
import { besideParents } from '../further/write-comments.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { storableRows } from '../context/store-rows.ts';
import { refetchComment, besideItsParent, type AnnouncedComment } from './comment-questions.ts';
import { nothingMerged, type MergedDeliveries, type FurtherDeliveries } from './further-deliveries.ts';

/** What deliveries say about one comment, in any order. */
interface DeliveredComment<Row> {
  id: number;
  guids: Set<string>;
  /** every state that a payload shows */
  states: Row[];
  /** GitHub deleted it; ids are never reused */
  deleted: boolean;
  /** a payload shows it with an odd field or a time in the future: it is requested from GitHub */
  odd: boolean;
  /** the newest time that such a payload shows, if not in the future: GitHub's answer must be as new */
  oddAt: string | null;
  /** the id of its pull request, if a payload shows one */
  parentId: number | null;
}

/**
 * Reads the deliveries about a kind of comments. A deletion is final, whatever follows it. The newest state is
 * written at once if its issue or pull request is here. GitHub is asked about a comment whose states share a
 * second, that was deleted here, or that should have been known. A comment on a deleted issue is never live.
 */
export function createCommentDeliveries<Row extends CommentRow>(kind: CommentKind<Row>): FurtherDeliveries {
  const delivered = new Map<number, DeliveredComment<Row>>();

  return {
    read(delivery: PendingDelivery) {
      const rule = kind.events[delivery.event];
      if (rule === undefined) return false;
      const { id, row, parentId } = readComment(kind, delivery.payload, rule.subject);
      const one: DeliveredComment<Row> = delivered.get(id) ?? {
        id,
        guids: new Set(),
        states: [],
        deleted: false,
        odd: false,
        oddAt: null,
        parentId,
      };
      delivered.set(id, one);
      one.guids.add(delivery.guid);
      if (deletedReason(rule, delivery.action) !== null) one.deleted = true;
      const receivedAt = Date.parse(delivery.received_at);
      if (row !== null && !isInFuture(row.updated_at, receivedAt)) {
        one.states.push(row);
        return true;
      }
      one.odd = true;
      const at = readUpdatedAt(delivery.payload[rule.subject]);
      if (at !== null && !isInFuture(at, receivedAt) && !isEarlier(at, one.oddAt)) one.oddAt = at;
      return true;
    },
    merge(context) {
      return context.kinds.has(kind.name) && delivered.size > 0
        ? merge(context, kind, [...delivered.values()])
        : Promise.resolve(nothingMerged);
    },
  };
}

async function merge<Row extends CommentRow>(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind<Row>,
  delivered: readonly DeliveredComment<Row>[],
): Promise<MergedDeliveries> {
  const { id: repositoryId, further_marks: marks } = context.repository;
  const db = sqlOf(context.orm);
  const ids = delivered.map(({ id }) => id);
  const stored = await storedRows(db, kind, repositoryId, ids);
  const deletions = delivered.filter(({ deleted }) => deleted);
  const open = delivered.filter(({ deleted }) => !deleted);
  const asked = open.filter((one) => isOpen(one, stored.get(one.id), marks[kind.name] ?? null));
  const written = open.flatMap((one) => {
    const newest = newestOf(one);
    return newest !== null && isNewer(newest, stored.get(one.id), marks[kind.name] ?? null) ? [newest] : [];
  });
  // A deletion that arrives before its object is stored as a row, so that the late creation finds it.
  const unknown = deletions.filter(({ id }) => !stored.has(id)).flatMap((one) => newestOf(one) ?? []);
  const date = new Date(Math.max(0, ...written.map(clockOf))).toISOString();
  const [rows, marked] = await Promise.all([
    storableRows(context, kind, written, date),
    storableRows(context, kind, unknown, date),
  ]);
  const { without } = await besideParents(db, context, kind, rows);
  const waiting = new Set(without);
  const early = written.filter(({ number }) => waiting.has(number));
  const byId = new Map(delivered.map((one) => [one.id, one]));
  return {
    async write(tx) {
      const { live } = await besideParents(tx, context, kind, rows);
      const fills = kind.parents.flatMap(({ fills: column }) => column ?? []);
      const deletedRows = marked.map((row) => ({
        ...row,
        ...Object.fromEntries(fills.map((column) => [column, byId.get(Number(row['id']))?.parentId ?? 0])),
      }));
      const changed = (await writeRows(tx, kind, live)) + (await writeRows(tx, kind, deletedRows));
      const deleted = deletions.map(({ id }) => id);
      const gone = await markRowsDeleted(tx, kind, repositoryId, deleted);
      return { [kind.name]: changed + gone.length };
    },
    questions: [
      ...early.map((row) => ({
        guids: byId.get(row.id)?.guids ?? new Set<string>(),
        ask: (last: boolean) => besideItsParent(context, kind, row, last),
      })),
      ...asked.map((one) => ({
        guids: one.guids,
        ask: (last: boolean) =>
          refetchComment(context, kind, one, announced(one, stored.get(one.id)?.row), last),
      })),
    ],
  };
}

function newestOf<Row extends CommentRow>({ states }: DeliveredComment<Row>): Row | null {
  return states.toSorted((a, b) => clockOf(b) - clockOf(a))[0] ?? null;
}

/**
 * Whether a state is written without asking: it is newer than the row, and from a time that has not been read
 * completely.
 */
function isNewer<Row extends CommentRow>(
  row: Row,
  stored: StoredRow<Row> | undefined,
  through: string | null,
): boolean {
  if (stored === undefined) return !isBefore(row, through);
  return !stored.deleted && (clockOf(row) > clockOf(stored.row) || isInFuture(stored.row.updated_at));
}

/** Whether payloads leave open what GitHub has now. */
function isOpen<Row extends CommentRow>(
  delivered: DeliveredComment<Row>,
  stored: StoredRow<Row> | undefined,
  through: string | null,
): boolean {
  const newest = newestOf(delivered);
  if (newest === null || delivered.odd) return true;
  if (stored === undefined && isBefore(newest, through)) return true;
  if (stored !== undefined && isInFuture(stored.row.updated_at)) return true;
  // An older state is from before the deletion.
  if (stored?.deleted === true) return clockOf(newest) >= clockOf(stored.row);
  const states = stored === undefined ? delivered.states : [...delivered.states, stored.row];
  const time = Math.max(...states.map(clockOf));
  const [first, ...rivals] = states.filter((state) => clockOf(state) === time);
  return first !== undefined && rivals.some((state) => !isSame(state, first));
}

function isBefore(row: CommentRow, through: string | null): boolean {
  return through !== null && clockOf(row) < Date.parse(through);
}

function announced<Row extends CommentRow>(
  delivered: DeliveredComment<Row>,
  stored: Row | undefined,
): AnnouncedComment<Row> {
  const newest = newestOf(delivered);
  const at = newest?.updated_at ?? null;
  return { newest, stored, at: at === null || isEarlier(at, delivered.oddAt) ? delivered.oddAt : at };
}

function isEarlier(time: string, other: string | null): boolean {
  return other !== null && Date.parse(time) < Date.parse(other);
}

function clockOf({ updated_at: time }: CommentRow): number {
  return Date.parse(time);
}
