/** Comments on the lines of a pull request, and the conversations they make: what they are and what happens to them. */
import { newCommits } from '../commits/graph.ts';
import { WorldError } from '../../world/errors.ts';
import { networkOf } from '../../world/lookup.ts';
import type { Changes, InRepository } from '../../world/occurrence.ts';
import { reviewed } from '../pulls/pull.ts';
import type { Account, Issue, Pull, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import { pullOf, type Review, review } from '../reviews/review.ts';

declare module '../../world/types.ts' {
  interface Pull {
    /** By id; those of pending reviews too. */
    reviewComments: ReviewComment[];
    threads: ReviewThread[];
  }
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    pull_request_review_comment: ReviewCommentOccurrence;
    pull_request_review_thread: ReviewThreadOccurrence;
  }
}

export interface ReviewComment {
  id: number;
  reviewId: number;
  threadId: number;
  /** The first comment of the conversation, in replies. */
  inReplyToId: number | null;
  authorId: number | null;
  body: string;
  path: string;
  /** The head when it was written, and the line there; null for a comment on the file. */
  originalCommitId: string;
  originalLine: number | null;
  /** When it was drafted. */
  createdAt: number;
  updatedAt: number;
}

/** A conversation on a line. */
export interface ReviewThread {
  id: number;
  /** Who resolved it; null while it is open. */
  resolvedById: number | null;
}

export interface ReviewCommentOccurrence extends InRepository {
  event: 'pull_request_review_comment';
  action: 'created' | 'edited' | 'deleted';
  issue: Issue;
  reviewComment: ReviewComment;
  changes?: Changes;
}

export interface ReviewThreadOccurrence extends InRepository {
  event: 'pull_request_review_thread';
  action: 'resolved' | 'unresolved';
  issue: Issue;
  thread: ReviewThread;
}

function needComment(pull: Pull, id: number): ReviewComment {
  const found = pull.reviewComments.find((one) => one.id === id);
  if (!found) throw new WorldError(`no review comment ${id}`, 404);
  return found;
}

export interface ReviewCommentInput {
  body: string;
  path?: string;
  line?: number | null;
  /** Any comment of the conversation that is answered. */
  inReplyTo?: number;
  /** The pending review it is for; without one it makes a review of its own. */
  pending?: Review;
}

/**
 * Comments on a line, or answers a conversation. Outside of a pending review it makes a review of its own, `commented` and without
 * text, as GitHub does for each single comment and each reply. Throws WorldError where there is nothing to answer.
 */
export function addReviewComment(
  world: World,
  repository: Repository,
  issue: Issue,
  input: ReviewCommentInput,
  by: Account,
): ReviewComment {
  const pull = pullOf(issue);
  const answered = input.inReplyTo === undefined ? null : needComment(pull, input.inReplyTo);
  const home = input.pending ?? review(world, repository, issue, 'commented', by);
  const now = world.clock.now();
  const comment: ReviewComment = {
    id: world.nextId('reviewComment', 2_400_000_000),
    reviewId: home.id,
    threadId: answered?.threadId ?? world.nextId('thread', 60_000_000),
    inReplyToId: answered && (answered.inReplyToId ?? answered.id),
    authorId: by.id,
    body: input.body,
    path: answered?.path ?? input.path ?? firstPath(world, repository, pull),
    originalCommitId: answered?.originalCommitId ?? pull.headSha,
    originalLine: answered ? answered.originalLine : input.line === undefined ? 1 : input.line,
    createdAt: now,
    updatedAt: now,
  };
  if (!answered) pull.threads.push({ id: comment.threadId, resolvedById: null });
  pull.reviewComments.push(comment);
  touch(repository);
  if (home.state !== 'pending') announceComments(world, repository, issue, home, by);
  return comment;
}

function firstPath(world: World, repository: Repository, { headSha }: Pull): string {
  return networkOf(world, repository).commits.get(headSha)?.files[0]?.path ?? 'README.md';
}

/** Delivers the comments of a submitted review. */
export function announceComments(
  world: World,
  repository: Repository,
  issue: Issue,
  { id }: Review,
  sender: Account,
): void {
  for (const reviewComment of commentsOfReview(pullOf(issue), id)) {
    const common = { event: 'pull_request_review_comment' as const, repository, sender, issue };
    world.emit({ ...common, action: 'created', reviewComment });
  }
}

/** Changes a comment's text. */
export function editReviewComment(
  world: World,
  repository: Repository,
  issue: Issue,
  id: number,
  body: string,
  sender: Account,
): ReviewComment {
  const pull = pullOf(issue);
  const reviewComment = needComment(pull, id);
  const changes = { body: { from: reviewComment.body } };
  reviewComment.body = body;
  reviewComment.updatedAt = world.clock.now();
  reviewed(world, repository, pull);
  const common = { event: 'pull_request_review_comment' as const, repository, sender, issue };
  world.emit({ ...common, action: 'edited', reviewComment, changes });
  return reviewComment;
}

/** Deletes a comment, with its conversation when it was the last. No clock moves. */
export function deleteReviewComment(
  world: World,
  repository: Repository,
  issue: Issue,
  id: number,
  sender: Account,
): ReviewComment {
  const pull = pullOf(issue);
  const reviewComment = needComment(pull, id);
  pull.reviewComments = pull.reviewComments.filter((one) => one !== reviewComment);
  const { threadId, reviewId } = reviewComment;
  if (!pull.reviewComments.some((one) => one.threadId === threadId))
    pull.threads = pull.threads.filter((one) => one.id !== threadId);
  if (world.state.unknowns.emptyReviewsVanish && commentsOfReview(pull, reviewId).length === 0)
    pull.reviews = pull.reviews.filter((one) => one.id !== reviewId || (one.body ?? '') !== '');
  touch(repository);
  const common = { event: 'pull_request_review_comment' as const, repository, sender, issue };
  world.emit({ ...common, action: 'deleted', reviewComment });
  return reviewComment;
}

/** Resolves a conversation, or opens it again; nothing happens when it already is. */
export function resolveThread(
  world: World,
  repository: Repository,
  issue: Issue,
  thread: ReviewThread,
  resolved: boolean,
  sender: Account,
): void {
  if ((thread.resolvedById !== null) === resolved) return;
  thread.resolvedById = resolved ? sender.id : null;
  if (world.state.unknowns.resolvingMovesClock) reviewed(world, repository, pullOf(issue));
  touch(repository);
  const action = resolved ? ('resolved' as const) : ('unresolved' as const);
  world.emit({ event: 'pull_request_review_thread', action, repository, sender, issue, thread });
}

/** One in this many changes to a file affects the very line of a comment. */
const LINE_CHANGES = 4;

/**
 * Where a comment is now: pushes move it along or, if the line itself changes or the file is deleted, make it
 * outdated. No timestamp shows it. It follows from the commits alone.
 */
export function placeOf(
  world: World,
  repository: Repository,
  pull: Pull,
  comment: ReviewComment,
): { commitId: string; line: number | null; outdated: boolean } {
  const { originalCommitId, originalLine, path } = comment;
  const network = networkOf(world, repository);
  let line = originalLine;
  for (const sha of newCommits(world, network, originalCommitId, pull.headSha)) {
    const changed = network.commits.get(sha)?.files.find((file) => file.path === path);
    if (!changed) continue;
    const hit = Number.parseInt(sha.slice(0, 2), 16) % LINE_CHANGES === 0;
    if (changed.status === 'removed' || (line !== null && hit))
      return { commitId: originalCommitId, line: null, outdated: true };
    if (line !== null) line = Math.max(1, line + changed.additions - changed.deletions);
  }
  return { commitId: pull.headSha, line, outdated: false };
}

/** The comments of a review, pending or not. */
export function commentsOfReview(pull: Pull, reviewId: number): ReviewComment[] {
  return pull.reviewComments.filter((one) => one.reviewId === reviewId);
}
