/** Reviews of pull requests: what they are and what happens to them. */
import { WorldError } from '../../world/errors.ts';
import type { Changes, InRepository } from '../../world/occurrence.ts';
import type { Account, Issue, Pull, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { reviewed } from '../pulls/pull.ts';

declare module '../../world/types.ts' {
  interface Pull {
    /** Includes pending ones, which nobody else sees. Submitted ones are in the order of submission. */
    reviews: Review[];
  }
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    pull_request_review: ReviewOccurrence;
  }
}

type ReviewState = 'pending' | 'approved' | 'changes_requested' | 'commented' | 'dismissed';

/** What a review says when it is submitted. */
export type Verdict = Exclude<ReviewState, 'pending' | 'dismissed'>;

export interface Review {
  id: number;
  authorId: number | null;
  state: ReviewState;
  body: string | null;
  commitId: string;
  createdAt: number;
  updatedAt: number;
  /** Null while it is pending. */
  submittedAt: number | null;
}

export interface ReviewOccurrence extends InRepository {
  event: 'pull_request_review';
  action: 'submitted' | 'edited' | 'dismissed';
  issue: Issue;
  review: Review;
  changes?: Changes;
}

/** The pull request part of an issue. Throws WorldError for an issue that is none. */
export function pullOf({ pull, number }: Issue): Pull {
  if (!pull) throw new WorldError(`#${number} is no pull request`);
  return pull;
}

/** The review of that id. Throws WorldError 404. */
export function needReview(pull: Pull, id: number): Review {
  const found = pull.reviews.find((one) => one.id === id);
  if (!found) throw new WorldError(`no review ${id}`, 404);
  return found;
}

function announce(
  world: World,
  repository: Repository,
  issue: Issue,
  review: Review,
  action: ReviewOccurrence['action'],
  sender: Account,
  changes?: Changes,
): void {
  reviewed(world, repository, pullOf(issue));
  const more = changes ? { changes } : {};
  world.emit({ event: 'pull_request_review', action, repository, sender, issue, review, ...more });
}

/** Starts a review that nobody else sees. Throws WorldError if this person has already started one. */
export function startReview(
  world: World,
  repository: Repository,
  issue: Issue,
  by: Account,
  body: string | null = null,
): Review {
  const pull = pullOf(issue);
  if (pull.reviews.some(({ state, authorId }) => state === 'pending' && authorId === by.id))
    throw new WorldError('User can only have one pending review per pull request');
  const now = world.clock.now();
  const review: Review = {
    id: world.nextId('review', 3_200_000_000),
    authorId: by.id,
    state: 'pending',
    body,
    commitId: pull.headSha,
    createdAt: now,
    updatedAt: now,
    submittedAt: null,
  };
  pull.reviews.push(review);
  repository.version += 1;
  return review;
}

/**
 * Submits a pending review with its comments, whose `updated_at` becomes the current time; the person's review
 * request ends. The caller sends the comments' events.
 */
export function submitReview(
  world: World,
  repository: Repository,
  issue: Issue,
  review: Review,
  verdict: Verdict,
  by: Account,
): void {
  const pull = pullOf(issue);
  if (review.state !== 'pending') throw new WorldError('the review is submitted already');
  const now = world.clock.now();
  Object.assign(review, { state: verdict, submittedAt: now, updatedAt: now, commitId: pull.headSha });
  pull.reviews = [...pull.reviews.filter((one) => one !== review), review];
  pull.requestedReviewerIds = pull.requestedReviewerIds.filter((id) => id !== review.authorId);
  for (const comment of pull.reviewComments) if (comment.reviewId === review.id) comment.updatedAt = now;
  announce(world, repository, issue, review, 'submitted', by);
}

/** Reviews at once and returns the review. */
export function review(
  world: World,
  repository: Repository,
  issue: Issue,
  verdict: Verdict,
  by: Account,
  body: string | null = null,
): Review {
  const made = startReview(world, repository, issue, by, body);
  submitReview(world, repository, issue, made, verdict, by);
  return made;
}

/** Changes a review's text. */
export function editReview(
  world: World,
  repository: Repository,
  issue: Issue,
  edited: Review,
  body: string,
  by: Account,
): void {
  const changes = { body: { from: edited.body ?? '' } };
  edited.body = body;
  edited.updatedAt = world.clock.now();
  if (edited.state !== 'pending') announce(world, repository, issue, edited, 'edited', by, changes);
}

/** Takes a verdict back. Throws WorldError for a review that gave none. */
export function dismissReview(
  world: World,
  repository: Repository,
  issue: Issue,
  dismissed: Review,
  by: Account,
): void {
  if (dismissed.state !== 'approved' && dismissed.state !== 'changes_requested')
    throw new WorldError(`Can not dismiss a ${dismissed.state} pull request review`);
  dismissed.state = 'dismissed';
  dismissed.updatedAt = world.clock.now();
  announce(world, repository, issue, dismissed, 'dismissed', by);
}
