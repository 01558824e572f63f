import { countedComments } from '../../db/rows/comment-counts.ts';
import { hasLiveRows } from '../../db/rows/entity-rows.ts';
import type { UnreadElement } from '../../db/repository-sync/repository-state.ts';
import { sqlOf } from '../../db/orm.ts';
import { pullRequestReviewComments } from '../../entities/pull-request-review-comments.ts';
import { pullRequestReviewThreads } from '../../entities/pull-request-review-threads.ts';
import type { SyncError } from '../../errors.ts';
import { isReadable } from '../context/readable.ts';
import { isRefused } from '../context/refused-rows.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { emptyError } from '../context/unread-elements.ts';
import type { CommentKind } from './comment-kind.ts';
import { recordFailedList } from '../context/record-failed-list.ts';

/**
 * Records that a repository's list of comments is empty although GitHub shows that it has some: by the counts of its
 * issues and pull requests, or by the review threads, each of which begins with a comment. It is read again at growing
 * intervals.
 *
 * @param before what was unread of the kind when the comparison began
 * @returns the error, or null
 */
export async function recordEmptyComments(
  context: RepositoryContext,
  kind: CommentKind,
  before: readonly UnreadElement[] = [],
): Promise<SyncError | null> {
  const { id, unread } = context.repository;
  const db = sqlOf(context.orm);
  if ((unread[kind.name] ?? []).length > 0 || isRefused(context) || (await hasLiveRows(db, kind, id)))
    return null;
  const parents = kind.parents.flatMap(({ entity: table, countColumn: column }) =>
    column !== undefined && isReadable(context, table) ? [{ table, column }] : [],
  );
  const threads = kind.name === pullRequestReviewComments.name ? pullRequestReviewThreads.name : null;
  const counted = await countedComments(db, id, parents, threads);
  return counted === 0
    ? null
    : recordFailedList(context, kind, emptyError(kind.label, counted), null, before);
}
