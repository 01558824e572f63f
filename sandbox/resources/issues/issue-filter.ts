/** The filters of `issues` and `pullRequests`. */
import { accountByLogin } from '../../world/lookup.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { failure, notSimulated } from '../../graphql/errors.ts';
import type { Viewer } from '../../graphql/viewer.ts';

export interface IssueFilter {
  states?: readonly string[] | null;
  labels?: readonly string[] | null;
  filterBy?: {
    since?: string | null;
    states?: readonly string[] | null;
    labels?: readonly string[] | null;
    assignee?: string | null;
    createdBy?: string | null;
    mentioned?: string | null;
    milestone?: string | null;
    milestoneNumber?: string | null;
    viewerSubscribed?: boolean | null;
  } | null;
}

export interface PullFilter {
  states?: readonly string[] | null;
  labels?: readonly string[] | null;
  headRefName?: string | null;
  baseRefName?: string | null;
}

type Test = (issue: Issue) => boolean;

/** `OPEN` or `CLOSED`; a merged pull request is `MERGED`. */
export function stateOf(issue: Issue): string {
  return issue.pull && issue.pull.mergedAt !== null ? 'MERGED' : issue.state.toUpperCase();
}

/** Parses a `DateTime` or `GitTimestamp` argument to epoch seconds. Throws GraphQLError. */
export function readTime(text: string, argument: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw failure('INVALID_ARGUMENT', `\`${text}\` is not a valid time for \`${argument}\``);
  }
  return time / 1000;
}

/** `filterBy.since` means updated at or after. The list itself where nothing is filtered. */
export function filterIssues(
  viewer: Viewer,
  repository: Repository,
  items: readonly Issue[],
  { states, labels, filterBy }: IssueFilter,
): readonly Issue[] {
  const { mentioned, milestone, milestoneNumber, viewerSubscribed, since, assignee, createdBy } =
    filterBy ?? {};
  if (mentioned || milestone || milestoneNumber || viewerSubscribed) {
    throw notSimulated('these filters of issues');
  }
  const tests = [...stateTests(states), ...stateTests(filterBy?.states)];
  tests.push(...labelTests(repository, labels), ...labelTests(repository, filterBy?.labels));
  if (typeof since === 'string') {
    const from = readTime(since, 'since');
    tests.push((issue) => issue.updatedAt >= from);
  }
  if (typeof createdBy === 'string') {
    const id = accountByLogin(viewer.context.world, createdBy)?.id ?? 0;
    tests.push((issue) => issue.authorId === id);
  }
  if (assignee !== undefined) tests.push(assigneeTest(viewer, assignee));
  return apply(items, tests);
}

export function filterPulls(
  repository: Repository,
  items: readonly Issue[],
  { states, labels, headRefName, baseRefName }: PullFilter,
): readonly Issue[] {
  const tests = [...stateTests(states), ...labelTests(repository, labels)];
  if (typeof headRefName === 'string') tests.push((issue) => issue.pull?.headRef === headRefName);
  if (typeof baseRefName === 'string') tests.push((issue) => issue.pull?.baseRef === baseRefName);
  return apply(items, tests);
}

function apply(items: readonly Issue[], tests: Test[]): readonly Issue[] {
  return tests.length === 0 ? items : items.filter((issue) => tests.every((test) => test(issue)));
}

function stateTests(states: readonly string[] | null | undefined): Test[] {
  return states && states.length > 0 ? [(issue) => states.includes(stateOf(issue))] : [];
}

/** Any of the names, case-insensitive. */
function labelTests(repository: Repository, names: readonly string[] | null | undefined): Test[] {
  if (!names) return [];
  const lowered = new Set(names.map((name) => name.toLowerCase()));
  const ids = new Set<number>();
  for (const { id, name } of repository.labels.values()) if (lowered.has(name.toLowerCase())) ids.add(id);
  return [(issue) => issue.labelIds.some((id) => ids.has(id))];
}

/** Null asks for issues nobody is assigned to, `*` for all others. */
function assigneeTest(viewer: Viewer, assignee: string | null): Test {
  if (assignee === null) return (issue) => issue.assigneeIds.length === 0;
  if (assignee === '*') return (issue) => issue.assigneeIds.length > 0;
  const id = accountByLogin(viewer.context.world, assignee)?.id ?? 0;
  return (issue) => issue.assigneeIds.includes(id);
}
