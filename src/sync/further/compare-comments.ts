import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { sqlOf } from '../../db/orm.ts';
import { hasCommentedSince, hasParents } from '../../db/rows/comment-counts.ts';
import { saveFurtherMark } from '../../db/repository-sync/repository-progress.ts';
import type { UnreadElement } from '../../db/repository-sync/repository-state.ts';
import type { SyncError } from '../../errors.ts';
import { currentCheckpoint, done, DONE } from '../checkpoints.ts';
import { isListDue, sinceForUnread, unreadError } from '../context/unread-elements.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { highWaterMark } from '../listings/high-water-mark.ts';
import { deniedParents, parentTables, type CommentKind, type CommentRow } from './comment-kind.ts';
import { compareCounts, retryUnreadComments } from './compare-counts.ts';
import { union, type Changes } from '../listings/find-changes.ts';
import { recordEmptyComments } from './record-empty-comments.ts';
import type { FurtherStep } from './further-step.ts';
import { forgetReading, readComments, type CommentReading, type CommentsRead } from './read-comments.ts';
import { resolveUnlistedComments } from './resolve-comments.ts';

/**
 * Compares a kind of comments: what changed since the last time, or all of it; then the counts of its parents.
 */
export function commentStep<Row extends CommentRow>(kind: CommentKind<Row>): FurtherStep {
  return {
    kinds: [kind],
    list: kind,
    async compare(context, { full, missing, changed: shown }) {
      if (full) return compareAllComments(context, kind);
      // GitHub shows no change of those that may not be read: only the list of comments shows a new one.
      const changed = union(shown, new Set(deniedParents(kind, context.may)));
      const mark = missing.has(kind.name) ? null : (context.repository.further_marks[kind.name] ?? null);
      const unread = unreadOf(context, kind);
      const since = mark === null ? null : sinceForUnread(unread, mark);
      const isKnown = mark !== null || (unread.length > 0 && !missing.has(kind.name));
      if (isKnown && !isListDue(unread) && !parentTables(kind).some((parent) => changed.has(parent)))
        return (await retryUnreadComments(context, kind)) ?? unreadError(kind.label, unread);
      if (await isQuiet(context, kind, changed, since))
        return (await compareCounts(context, kind, since)).error;
      const reading = { key: checkpointKeys.further(kind.name), target: since ?? 'first', list: null, since };
      const read = await readComments(context, kind, reading, (from) =>
        context.api.listByChange(kind, since, from),
      );
      if (read.off) return switchedOff(context, kind, reading);
      const { error, isTold } = await compareCounts(context, kind, since);
      // As long as something could not be read or counted, it stays behind the high-water mark, because nothing
      // else reveals an edit or a deletion. Only that is read again, not everything.
      if (since === null || (isTold && read.unreadable.length === 0)) await moveMark(context, kind, read);
      await forgetReading(context, reading);
      const left = error ?? unreadError(kind.label, unreadOf(context, kind));
      // A list of changes may well be empty.
      return left ?? (since === null ? recordEmptyComments(context, kind, unread) : null);
    },
  };
}

/**
 * Whether none of the changed parents has comments: writing or editing a comment changes the timestamp of its
 * issue, whose row has GitHub's latest count, so the list then contains nothing new. For pull requests the list
 * does not show the count.
 *
 * @param since null if no comment was ever read: nothing in the repository has one
 */
async function isQuiet(
  context: RepositoryContext,
  kind: CommentKind,
  changed: Changes,
  since: string | null,
): Promise<boolean> {
  if (unreadOf(context, kind).length > 0 || deniedParents(kind, context.may).length > 0) return false;
  const db = sqlOf(context.orm);
  const { id } = context.repository;
  for (const { entity, countColumn, countedAs } of kind.parents) {
    if (since !== null && !changed.has(entity)) continue;
    const isCounted = countColumn !== undefined && countedAs === undefined;
    const mayBear = isCounted
      ? await hasCommentedSince(db, id, { table: entity, column: countColumn }, since)
      : since !== null || (await hasParents(db, id, [entity]));
    if (mayBear) return false;
  }
  return true;
}

/** Reads every comment of the repository and requests each live row that was not listed. */
async function compareAllComments<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
): Promise<SyncError | null> {
  const list = `${kind.name} all`;
  const reading: CommentReading = {
    key: checkpointKeys.furtherWhole(kind.name),
    target: 'all',
    list,
    since: null,
  };
  if (currentCheckpoint(context.repository.checkpoints[reading.key])?.target === DONE) return null;
  const before = unreadOf(context, kind);
  const read = await readComments(context, kind, reading, (from) =>
    context.api.listByChange(kind, null, from),
  );
  if (read.off) return switchedOff(context, kind, reading);
  const unresolved = read.whole ? (await resolveUnlistedComments(context, kind, list, null)).error : null;
  const error = unresolved ?? (await compareCounts(context, kind, null)).error;
  await moveMark(context, kind, read);
  await forgetReading(context, reading);
  const odd = unreadError(kind.label, unreadOf(context, kind));
  // Without such a doubt before, a thread here may be older than the deletion of its only comment.
  const isDoubtful = before.length > 0;
  const left = error ?? odd ?? (isDoubtful ? await recordEmptyComments(context, kind, before) : null);
  if (left !== null) return left;
  // Further rounds of the same comparison, for later steps, do not read it again.
  const ended = done();
  await context.save((tx) => context.saveCheckpoint(tx, reading.key, ended));
  return null;
}

/** When it is switched on again, everything is read: changes meanwhile were not announced. */
async function switchedOff(
  context: RepositoryFacts & RepositoryWriter,
  { name }: CommentKind,
  reading: CommentReading,
): Promise<null> {
  await forgetReading(context, reading);
  if (context.repository.further_marks[name] === undefined) return null;
  await context.save((tx) => saveFurtherMark(tx, context.repository.id, name, null));
  delete context.repository.further_marks[name];
  return null;
}

/** From now on, whatever changed after this reading began is new. */
async function moveMark(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind,
  { beganAt }: CommentsRead,
): Promise<void> {
  if (beganAt === '') return;
  const mark = highWaterMark(beganAt);
  await context.save((tx) => saveFurtherMark(tx, context.repository.id, kind.name, mark));
  context.repository.further_marks[kind.name] = mark;
}

function unreadOf({ repository }: RepositoryFacts, { name }: CommentKind): UnreadElement[] {
  return repository.unread[name] ?? [];
}
