import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { sqlOf } from '../../db/orm.ts';
import {
  parentsThatDiffer,
  parentsUnread,
  pullRequestsSince,
  storedCountsThatDiffer,
  type CommentCount,
  type CountedParent,
  type UnreadComments,
} from '../../db/rows/comment-counts.ts';
import type { Entity } from '../../entities/entity.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { isUnanswered } from '../../github/graphql/query-nodes.ts';
import type { PullRequestCounts } from '../../github/graphql/pull-request-counts.ts';
import { DRIFT } from '../../db/repository-sync/add-drift.ts';
import { recordCommentCount, recordUnreadComments } from '../../db/rows/comment-count-differences.ts';
import { SyncError } from '../../errors.ts';
import { isReadable } from '../context/readable.ts';
import { isRetryDue } from '../context/unread-elements.ts';
import { isOfOneList } from '../context/failed-lists.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { furtherKinds } from '../../entities/index.ts';
import { parentTables, type CommentKind, type CommentRow } from './comment-kind.ts';
import { forgetReading, readComments, type CommentsRead } from './read-comments.ts';
import { refetchCount } from './refetch-count.ts';
import { resolveUnlistedComments } from './resolve-comments.ts';

/** The result of comparing the counts of a kind's parents. */
interface ComparedCounts {
  /** why something could not be read, or null */
  error: SyncError | null;
  /** false if GitHub did not return the counts, and must be asked about the same pull requests again */
  isTold: boolean;
}

/** How many lists that failed before are requested again in one comparison, least recently requested first. */
const AGAIN_AT_ONCE = 20;
/** After this many lists in a row the cause may not be theirs, and no more are requested. */
const FAILED_IN_A_ROW = 3;

/**
 * Compares GitHub's count of comments with the live rows here, parent by parent: a deletion, a transfer and a
 * lost delivery change no timestamp, so a list of changes does not show them. If they differ, that parent's
 * list is read once, and each missing comment is requested; a difference that remains is recorded. So is a list
 * that could not be read: those are requested last (`retryUnreadComments`), so that they keep no other from being read.
 *
 * @param since counts are queried for pull requests that changed at or after this; null: none
 * @throws TimeSliceExpired between two parents
 * @throws SyncError why several lists in a row failed: the counts of the others have not been compared
 */
export async function compareCounts<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
  since: string | null,
): Promise<ComparedCounts> {
  const unread = await unreadComments(context, kind);
  const told = since === null ? [] : await countsSince(context, kind, since);
  const counts = told ?? [];
  const known = new Set(counts.map(({ number }) => number));
  const differing = await parentsThatDiffer(sqlOf(context.orm), kind.name, context.repository.id, counts);
  for (const parent of await storedCounts(context, kind))
    if (!known.has(parent.number)) differing.push(parent);
  const others = differing.filter((parent) => parent.unread === null || !isUnchanged(parent));
  const { error, isThrough } = await resolveDifferences(context, kind, others);
  if (error !== null && !isThrough) throw error;
  const again = unread.due.filter(({ number }) => others.every((other) => other.number !== number));
  const left = await resolveDifferences(context, kind, again);
  return { error: error ?? left.error ?? unread.waiting, isTold: told !== null };
}

/**
 * Requests the lists of comments again that could not be read, at growing intervals (`isRetryDue`); all of them in a
 * full comparison.
 *
 * @returns why some are still not read, or null
 * @throws TimeSliceExpired between two parents
 */
export async function retryUnreadComments<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
): Promise<SyncError | null> {
  const { due, waiting } = await unreadComments(context, kind);
  return (await resolveDifferences(context, kind, due)).error ?? waiting;
}

/** The lists of comments that could not be read: those to request again now, and why another one is not read. */
async function unreadComments(
  context: RepositoryContext,
  kind: CommentKind,
): Promise<{ due: CountedParent[]; waiting: SyncError | null }> {
  const readable = parentTables(kind).filter((table) => isReadable(context, table));
  if (readable.length === 0) return { due: [], waiting: null };
  const unread = await parentsUnread(sqlOf(context.orm), kind.name, context.repository.id, readable);
  // Each is requested once in a full comparison, however many rounds that takes.
  const began = context.mode === 'full' ? context.repository.checkpoints[DRIFT]?.began_at : undefined;
  const isDue = ({ since, at }: UnreadComments) =>
    began === undefined ? isRetryDue({ since, at }) : Date.parse(at) < Date.parse(began);
  const due = unread
    .filter((parent) => parent.unread !== null && isDue(parent.unread))
    .toSorted((a, b) => String(a.unread?.at).localeCompare(String(b.unread?.at)))
    .slice(0, began === undefined ? AGAIN_AT_ONCE : undefined);
  const waiting = unread.find((parent) => !due.includes(parent))?.unread ?? null;
  return { due, waiting: waiting && new SyncError('GITHUB_BAD_ANSWER', waiting.reason) };
}

/** Whether neither GitHub's count nor ours has moved since the difference was recorded. */
function isUnchanged({ known, counted, stored }: CountedParent): boolean {
  return known?.counted === counted && known.stored === stored;
}

/**
 * Reads the list of each of these parents. One that fails leaves the others alone, unless several in a row do.
 *
 * @returns the first error, or null, and whether all of them were requested
 * @throws what would affect the next list too
 */
async function resolveDifferences<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
  parents: readonly CountedParent[],
): Promise<{ error: SyncError | null; isThrough: boolean }> {
  let first: SyncError | null = null;
  let failedInARow = 0;
  for (const parent of parents) {
    const { number, counted, stored } = parent;
    if (parent.unread === null && isUnchanged(parent) && counted !== stored) continue;
    let error: SyncError | null = null;
    let count = counted;
    try {
      if (counted !== stored) error = await readCommentsOf(context, kind, parent);
      if (error === null) count = await countAfterReading(context, kind, parent);
      failedInARow = 0;
    } catch (failure) {
      if (!isOfOneList(failure)) throw failure;
      failedInARow += 1;
      error = failure;
    }
    await record(context, kind, { number, counted: count }, error);
    first ??= error;
    if (failedInARow === FAILED_IN_A_ROW) return { error: first, isThrough: false };
    throwIfExpired(context);
  }
  return { error: first, isThrough: true };
}

/** GitHub's count of a parent's comments once its list was read: requested again if the two disagree. */
async function countAfterReading(
  context: RepositoryContext,
  kind: CommentKind,
  parent: CommentCount,
): Promise<number> {
  const [left] = await parentsThatDiffer(sqlOf(context.orm), kind.name, context.repository.id, [parent]);
  const isDifferent = left !== undefined && left.stored !== parent.counted;
  return isDifferent ? refetchCount(context, kind, parent) : parent.counted;
}

/**
 * GitHub's counts for the pull requests that changed since the last comparison; null if it does not return
 * them.
 */
async function countsSince(
  context: RepositoryFacts,
  kind: CommentKind,
  since: string,
): Promise<CommentCount[] | null> {
  const { repository } = context;
  const parent = countedParent(kind);
  if (parent === undefined || !isReadable(context, parent.entity)) return [];
  const marks = furtherKinds
    .filter((one) => countedParent(one) !== undefined)
    .flatMap(({ name }) => repository.further_marks[name] ?? []);
  const earliest = [since, ...marks].toSorted()[0] ?? since;
  let known = asked.get(repository);
  if (known === undefined || known.since > since) {
    known = { since: earliest, counts: await fetchCounts(context, earliest) };
    asked.set(repository, known);
  }
  if (known.counts === null) return null;
  return known.counts.flatMap(({ number, ...counts }) => {
    const counted = counts[parent.countedAs];
    return counted === null ? [] : [{ number, counted }];
  });
}

/** The parent kind whose counts GitHub returns in its answer about pull requests. */
function countedParent({ parents }: Pick<Entity, 'parents'>) {
  return parents
    .flatMap(({ entity, countedAs }) => (countedAs === undefined ? [] : [{ entity, countedAs }]))
    .at(0);
}

/** GitHub's answer in this round: one query counts both kinds of comments. */
const asked = new WeakMap<StoredRepository, { since: string; counts: PullRequestCounts[] | null }>();

async function fetchCounts(context: RepositoryFacts, since: string): Promise<PullRequestCounts[] | null> {
  const { id, node_id } = context.repository;
  const changed = await pullRequestsSince(sqlOf(context.orm), id, since);
  if (changed === 0) return [];
  return context.api.commentCounts(node_id, since, changed).catch((error: unknown) => {
    // Without GitHub's counts nothing counts as deleted; the next comparison asks again.
    if (isUnanswered(error)) return null;
    throw error;
  });
}

/** The parents whose rows are as new as GitHub's and contain another count. */
async function storedCounts(
  context: RepositoryFacts,
  { name, parents }: CommentKind,
): Promise<CountedParent[]> {
  const counted = parents.flatMap(({ entity: table, countColumn: column }) =>
    column !== undefined && isReadable(context, table) ? [{ table, column }] : [],
  );
  return storedCountsThatDiffer(sqlOf(context.orm), name, context.repository.id, counted);
}

/**
 * Reads the comments of one parent, and requests each live row that its list lacks. A list that lacks existing
 * comments may lack new ones as well: it is read once more.
 *
 * @returns why some of it could not be read, or null
 */
export async function readCommentsOf<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
  parent: CommentCount,
): Promise<SyncError | null> {
  const { error, isLacking } = await readOnce(context, kind, parent);
  return isLacking ? (await readOnce(context, kind, parent)).error : error;
}

async function readOnce<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
  { number, counted }: CommentCount,
): Promise<{ error: SyncError | null; isLacking: boolean }> {
  const list = `${kind.name} of ${number}`;
  const reading = { key: checkpointKeys.further(list), target: String(counted), list };
  const read = await readComments(context, kind, reading, (from) =>
    context.api.listOfParent(kind, number, from),
  );
  const resolved = read.whole
    ? await resolveUnlistedComments(context, kind, list, number)
    : { error: null, isLacking: false };
  await forgetReading(context, reading);
  return { ...resolved, error: unreadOf(kind, number, read) ?? resolved.error };
}

/** Why a reading did not show all comments of a parent, or null. */
function unreadOf(
  { label }: CommentKind,
  number: number,
  { unreadable, notFound }: CommentsRead,
): SyncError | null {
  const [odd] = unreadable;
  if (odd !== undefined) return new SyncError('GITHUB_BAD_ANSWER', `one of the ${label}: ${odd.reason}`);
  return notFound ? new SyncError('NOT_YET_VISIBLE', `the ${label} of ${number} are not shown`) : null;
}

async function record(
  context: RepositoryFacts & RepositoryWriter,
  { name }: CommentKind,
  parent: CommentCount,
  error: SyncError | null,
): Promise<void> {
  const { id } = context.repository;
  await context.save((tx) =>
    error === null
      ? recordCommentCount(tx, name, id, parent)
      : recordUnreadComments(tx, name, id, parent, error.message),
  );
}
