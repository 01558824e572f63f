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

/** The required kinds whose rows every sweep's query counts. */
export const countedKinds = [issues, pullRequests] as const;

/** The table of one of them. */
export type CountedName = (typeof countedKinds)[number]['name'];

export type CountedRow = RowIn<(typeof countedKinds)[number]>;

export type CountedKind = Entity<CountedName, CountedRow>;

/** A value for each of them, by name. */
export function forCounted<Value>(value: (name: CountedName) => Value): Record<CountedName, Value> {
  return { issues: value('issues'), pull_requests: value('pull_requests') };
}

/** A column for each of them: `ByCounted<'has_', '', boolean>` has `has_issues` and `has_pull_requests`. */
export type ByCounted<Before extends string, After extends string, Value> = {
  [Name in CountedName as `${Before}${Name}${After}`]: Value;
};

/** The kinds that every installation has; without their permission a repository is in error. */
export const requiredKinds: readonly Entity[] = [branches, ...countedKinds];

/** The permissions to read them; every App also has `metadata`. */
export const requiredKindPermissions: readonly string[] = [
  ...new Set(requiredKinds.flatMap(({ permissions }) => permissions)),
];

/**
 * The kinds that are off, without an error, if their permission is not granted. They are read and written in
 * this order: parents before children; review comments before review threads, which are identified by their
 * first comments; other comments last, because the pull request detail contains their count.
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

/** Every described kind of GitHub's data. */
export const entities: readonly Entity[] = [...requiredKinds, ...furtherKinds];

/** Whether one of a kind's permissions was granted. If nothing is known of any permission, every kind is tried. */
export function isGranted(
  { permissions }: Pick<Entity, 'permissions'>,
  granted: Readonly<Record<string, string>> | null,
): boolean {
  if (granted === null || Object.keys(granted).length === 0) return true;
  return permissions.some((permission) => granted[permission] !== undefined);
}

/** Whether an operator skipped a kind or one of its parents. */
export function isSkipped({ name, parents }: Entity, skipped: ReadonlySet<string>): boolean {
  return skipped.has(name) || (parents.length > 0 && parents.every(({ entity }) => skipped.has(entity)));
}
