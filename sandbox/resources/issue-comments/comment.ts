/** Comments on issues and pull requests. */
import { WorldError } from '../../world/errors.ts';
import { changedIssue } from '../issues/issue.ts';
import type { Account, Comment, Issue, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

/** Changes are remembered for so long. */
const LONGEST_LAG_MS = 3_600_000;

/** When comments came or went, in wall-clock milliseconds, and how many there were before: beside the world, for counts that lag. */
const recounts = new WeakMap<Issue, { at: number; before: number }[]>();

/** Adds a comment; the issue's `updated_at` moves. */
export function addComment(
  world: World,
  repository: Repository,
  issue: Issue,
  body: string,
  by: Account,
): Comment {
  const now = world.clock.now();
  const comment = { id: world.nextId('comment'), authorId: by.id, body, createdAt: now, updatedAt: now };
  recount(world, issue);
  issue.comments.push(comment);
  changedIssue(world, repository, issue);
  world.emit({ event: 'issue_comment', action: 'created', repository, sender: by, issue, comment });
  return comment;
}

/** Changes a comment's text; the issue's `updated_at` moves too. */
export function editComment(
  world: World,
  repository: Repository,
  issue: Issue,
  id: number,
  body: string,
  by: Account,
): void {
  const comment = needComment(issue, id);
  const changes = { body: { from: comment.body } };
  comment.body = body;
  comment.updatedAt = world.clock.now();
  changedIssue(world, repository, issue);
  world.emit({ event: 'issue_comment', action: 'edited', repository, sender: by, issue, comment, changes });
}

/** Deletes a comment. No clock moves: the issue's `updated_at` stays, so that since-lists do not show it. */
export function deleteComment(
  world: World,
  repository: Repository,
  issue: Issue,
  id: number,
  by: Account,
): void {
  const comment = needComment(issue, id);
  recount(world, issue);
  issue.comments = issue.comments.filter((one) => one !== comment);
  touch(repository);
  world.emit({ event: 'issue_comment', action: 'deleted', repository, sender: by, issue, comment });
}

/** Remembers the number of comments before it changes. */
function recount(world: World, issue: Issue): void {
  const now = world.clock.wall();
  const recent = (recounts.get(issue) ?? []).filter(({ at }) => at > now - LONGEST_LAG_MS);
  recounts.set(issue, [...recent, { at: now, before: issue.comments.length }]);
}

/** How many comments the issue had so long ago. */
export function commentCount(world: World, issue: Issue, lagMs = 0): number {
  const change = recounts.get(issue)?.find(({ at }) => at > world.clock.wall() - lagMs);
  return lagMs > 0 && change ? change.before : issue.comments.length;
}

function needComment(issue: Issue, id: number): Comment {
  const comment = issue.comments.find((one) => one.id === id);
  if (!comment) throw new WorldError(`no comment ${id}`, 404);
  return comment;
}
