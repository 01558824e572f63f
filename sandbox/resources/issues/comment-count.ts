/** How many comments an issue or pull request has, also a while ago: GitHub's counts may lag. */
import type { Issue } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** How long changes are remembered. */
const LONGEST_LAG_MS = 3_600_000;

/** When comments came or went, in wall-clock milliseconds, and how many there were before: beside the world, for counts that lag. */
const recounts = new WeakMap<Issue, { at: number; before: number }[]>();

/** Remembers the number of comments before it changes. */
export function recordCommentCount(world: World, issue: Issue): void {
  const now = world.clock.wall();
  const recent = (recounts.get(issue) ?? []).filter(({ at }) => at > now - LONGEST_LAG_MS);
  recounts.set(issue, [...recent, { at: now, before: issue.comments.length }]);
}

/** How many comments the issue had this long ago. */
export function commentCount(world: World, issue: Issue, lagMs = 0): number {
  const change = recounts.get(issue)?.find(({ at }) => at > world.clock.wall() - lagMs);
  return lagMs > 0 && change ? change.before : issue.comments.length;
}
