/** An issue's type, and the issue it is a part of. Neither moves the clock of the issue above. */
import { z } from 'zod';
import { action } from '../action.ts';
import { by, issueTarget, number, repo } from '../inputs.ts';
import type { Context, Json } from '../../world/context.ts';
import { WorldError } from '../../world/errors.ts';
import { announceIssue, changedIssue } from './issue.ts';
import { needIssue } from '../../world/lookup.ts';
import { createMemo } from '../../world/memo.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Account, Issue, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

/** The types that GitHub gives every organisation. */
const TYPES = ['Task', 'Bug', 'Feature'] as const;

const CREATED = '2025-01-14T12:00:00Z';

function typeShape(name: string): Json {
  const id = 1 + TYPES.findIndex((one) => one === name);
  return {
    id,
    node_id: nodeId('IT', id),
    name,
    description: `A ${name.toLowerCase()}`,
    color: name === 'Bug' ? 'red' : 'blue',
    created_at: CREATED,
    updated_at: CREATED,
    is_enabled: true,
  };
}

/** OpenAPI `issue-type`, of an issue that has one. */
export function issueTypeOrNull(_context: Context, { type }: Issue): Json | null {
  return type === null ? null : typeShape(type);
}

/** What `typed` and `untyped` carry beside the issue. */
export function issueTypePayload(type: string): Json {
  return { type: typeShape(type) };
}

type Summaries = Map<number, { total: number; completed: number }>;

const summaries = createMemo<Summaries>((found) => found.size);

function summaryOf(world: World, repository: Repository, issue: Issue): { total: number; completed: number } {
  const all = summaries.get(world, `${repository.id}|${repository.version}`, () => {
    const found: Summaries = new Map();
    for (const { parentNumber, state } of repository.issues.values()) {
      if (parentNumber === null) continue;
      const { total, completed } = found.get(parentNumber) ?? { total: 0, completed: 0 };
      found.set(parentNumber, {
        total: total + 1,
        completed: completed + (state === 'closed' ? 1 : 0),
      });
    }
    return found;
  });
  return all.get(issue.number) ?? { total: 0, completed: 0 };
}

function percent(completed: number, total: number): number {
  return total === 0 ? 0 : Math.floor((100 * completed) / total);
}

/** OpenAPI `sub-issues-summary`. */
export function subIssuesSummary({ world }: Context, repository: Repository, issue: Issue): Json {
  const { total, completed } = summaryOf(world, repository, issue);
  return { total, completed, percent_completed: percent(completed, total) };
}

/** GraphQL's `SubIssuesSummary`. */
export function subIssuesNode({ world }: Context, repository: Repository, issue: Issue): Json {
  const { total, completed } = summaryOf(world, repository, issue);
  return { total, completed, percentCompleted: percent(completed, total) };
}

/** GraphQL's `IssueType`. */
export function issueTypeNode({ type }: Issue): Json | null {
  if (type === null) return null;
  const { node_id: id, description } = typeShape(type);
  return { __typename: 'IssueType', id, name: type, description, isEnabled: true };
}

/** Gives an issue a type, or (null) none. */
function setType(world: World, repository: Repository, issue: Issue, type: string | null, by: Account): void {
  if (issue.pull) throw new WorldError('pull requests have no type');
  const former = issue.type;
  if (former === type) return;
  issue.type = type;
  changedIssue(world, repository, issue);
  if (former !== null) announceIssue(world, repository, issue, 'untyped', by, { issueType: former });
  if (type !== null) announceIssue(world, repository, issue, 'typed', by, { issueType: type });
}

/** Makes an issue a part of another, or (null) of none. No clock moves, and no event of the App's tells it. */
function setParent(repository: Repository, issue: Issue, parent: Issue | null): void {
  if (issue.pull || parent?.pull) throw new WorldError('pull requests have no sub-issues');
  if (parent === issue) throw new WorldError('an issue cannot be a part of itself');
  issue.parentNumber = parent?.number ?? null;
  touch(repository);
}

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 1 };

export const issueRelationActions = {
  setIssueType: action({
    about: 'Set the type of an issue; null removes it.',
    example: { ...example, type: 'Bug' as const },
    input: z.object({ ...one, type: z.enum(TYPES).nullable() }),
    run: ({ world }, input) => {
      const { repository, who, issue } = issueTarget(world, input);
      setType(world, repository, issue, input.type, who);
      return issue;
    },
    show: (_context, { type }) => ({ type }),
  }),
  setParentIssue: action({
    about: 'Make an issue a sub-issue of another; null removes it. Neither’s updated_at changes.',
    example: { ...example, parent: null },
    input: z.object({ ...one, parent: number.nullable() }),
    run: ({ world }, input) => {
      const { repository, issue } = issueTarget(world, input);
      setParent(repository, issue, input.parent === null ? null : needIssue(repository, input.parent));
      return issue;
    },
    show: (_context, { parentNumber }) => ({ parent: parentNumber }),
  }),
};
