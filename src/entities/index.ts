import { branches } from './branches.ts';
import type { Entity, RowIn } from './entity.ts';
import { issueComments } from './issue-comments.ts';
import { issues } from './issues.ts';
import { labels } from './labels.ts';
import { milestones } from './milestones.ts';
import { pullRequestReviewComments } from './pull-request-review-comments.ts';
import { pullRequestReviewThreads } from './pull-request-review-threads.ts';
import { pullRequestReviews } from './pull-request-reviews.ts';
import { pullRequests } from './pull-requests.ts';
import { releaseAssets } from './release-assets.ts';
import { releases } from './releases.ts';
import { tags } from './tags.ts';

/** The required kinds whose rows the question of every sweep counts. */
export const countedKinds = [issues, pullRequests] as const;

/** The table of one of them. */
export type CountedName = (typeof countedKinds)[number]['name'];

export type CountedRow = RowIn<(typeof countedKinds)[number]>;

export type CountedKind = Entity<CountedName, CountedRow>;

/** Something for each of them, by name. */
export function forCounted<Value>(value: (name: CountedName) => Value): Record<CountedName, Value> {
  return { issues: value('issues'), pull_requests: value('pull_requests') };
}

/** A column for each of them: `ByCounted<'has_', '', boolean>` has `has_issues` and `has_pull_requests`. */
export type ByCounted<Before extends string, After extends string, Value> = {
  [Name in CountedName as `${Before}${Name}${After}`]: Value;
};

/** The kinds that every installation has; without their permission a repository is in error. */
export const requiredKinds: readonly Entity[] = [branches, ...countedKinds];

/** The permissions to read them; every App has `metadata` beside. */
export const requiredKindPermissions: readonly string[] = [
  ...new Set(requiredKinds.flatMap(({ permissions }) => permissions)),
];

/**
 * The kinds that are off, without an error, where their permission is not granted. They are read and written in this order:
 * parents before what belongs to them; comments on lines before the conversations, which are known by the comments that began
 * them; the other comments last, whose count the detail of a pull request shows.
 */
export const furtherKinds: readonly Entity[] = [
  labels,
  milestones,
  releases,
  releaseAssets,
  tags,
  pullRequestReviewComments,
  pullRequestReviews,
  pullRequestReviewThreads,
  issueComments,
];

/** Every kind of GitHub's data that is described. */
export const entities: readonly Entity[] = [...requiredKinds, ...furtherKinds];

/** Whether an operator left a kind out, or all that it belongs to. */
export function isSkipped({ name, parents }: Entity, skipped: ReadonlySet<string>): boolean {
  return skipped.has(name) || (parents.length > 0 && parents.every(({ entity }) => skipped.has(entity)));
}
