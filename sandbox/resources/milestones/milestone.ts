/** Milestones: what they are and what happens to them. */
import { isoOrNull } from '../../world/clock.ts';
import { WorldError } from '../../world/errors.ts';
import { createMemo } from '../../world/memo.ts';
import type { Changes, InRepository } from '../../world/occurrence.ts';
import type { Account, Issue, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';

declare module '../../world/types.ts' {
  interface RepositoryState {
    milestones: Map<number, Milestone>;
    nextMilestone: number;
  }
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    milestone: MilestoneOccurrence;
  }
}

export interface Milestone {
  id: number;
  number: number;
  title: string;
  description: string | null;
  state: 'open' | 'closed';
  dueOn: number | null;
  creatorId: number;
  createdAt: number;
  updatedAt: number;
  closedAt: number | null;
}

export interface MilestoneOccurrence extends InRepository {
  event: 'milestone';
  action: 'created' | 'edited' | 'opened' | 'closed' | 'deleted';
  milestone: Milestone;
  changes?: Changes;
}

type MilestoneFields = Partial<Pick<Milestone, 'title' | 'description' | 'dueOn'>>;

function announce(
  world: World,
  repository: Repository,
  milestone: Milestone,
  what: MilestoneOccurrence['action'],
  sender: Account,
  changes?: Changes,
): void {
  touch(repository);
  const more = changes ? { changes } : {};
  world.emit({ event: 'milestone', action: what, repository, sender, milestone, ...more });
}

/** Creates a milestone. Throws WorldError when the title is taken. */
export function createMilestone(
  world: World,
  repository: Repository,
  input: MilestoneFields & { title: string },
  sender: Account,
): Milestone {
  const taken = [...repository.milestones.values()].some(({ title }) => title === input.title);
  if (taken) throw new WorldError('already_exists');
  const now = world.clock.now();
  const milestone: Milestone = {
    id: world.nextId('milestone', 14_000_000),
    number: repository.nextMilestone++,
    description: null,
    state: 'open',
    dueOn: null,
    creatorId: sender.id,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    ...input,
  };
  repository.milestones.set(milestone.id, milestone);
  announce(world, repository, milestone, 'created', sender);
  return milestone;
}

/** Changes title, description or due date. Nothing happens when all are as they were. */
export function editMilestone(
  world: World,
  repository: Repository,
  milestone: Milestone,
  input: MilestoneFields,
  sender: Account,
): void {
  const changes: Changes = {};
  const { title, description, dueOn } = input;
  if (title !== undefined && title !== milestone.title) changes['title'] = { from: milestone.title };
  if (description !== undefined && description !== milestone.description)
    changes['description'] = { from: milestone.description ?? '' };
  if (dueOn !== undefined && dueOn !== milestone.dueOn)
    changes['due_on'] = { from: isoOrNull(milestone.dueOn) ?? '' };
  if (Object.keys(changes).length === 0) return;
  Object.assign(milestone, input, { updatedAt: world.clock.now() });
  announce(world, repository, milestone, 'edited', sender, changes);
}

/** Closes or opens it; nothing happens when it already is. */
export function setMilestoneState(
  world: World,
  repository: Repository,
  milestone: Milestone,
  state: Milestone['state'],
  sender: Account,
): void {
  if (milestone.state === state) return;
  const now = world.clock.now();
  Object.assign(milestone, { state, updatedAt: now, closedAt: state === 'closed' ? now : null });
  announce(world, repository, milestone, state === 'closed' ? 'closed' : 'opened', sender);
}

/** Deletes it and removes it from its issues, whose `updated_at` does not change. */
export function deleteMilestone(
  world: World,
  repository: Repository,
  milestone: Milestone,
  sender: Account,
): void {
  repository.milestones.delete(milestone.id);
  for (const issue of repository.issues.values()) {
    if (issue.milestoneId === milestone.id) issue.milestoneId = null;
  }
  announce(world, repository, milestone, 'deleted', sender);
}

type Members = Map<number, Issue[]>;

const members = createMemo<Members>((found) => found.size);

/** The issues and pull requests of each milestone, by its id. */
function membersOf(world: World, repository: Repository): Members {
  return members.get(world, `${repository.id}|${repository.version}`, () => {
    const found: Members = new Map();
    for (const issue of repository.issues.values()) {
      if (issue.milestoneId === null) continue;
      const list = found.get(issue.milestoneId) ?? [];
      list.push(issue);
      found.set(issue.milestoneId, list);
    }
    return found;
  });
}

/** The issues and pull requests in a milestone. */
export function issuesOf(world: World, repository: Repository, { id }: Milestone): Issue[] {
  return membersOf(world, repository).get(id) ?? [];
}

export function findMilestone(repository: Repository, number: number): Milestone | null {
  return [...repository.milestones.values()].find((one) => one.number === number) ?? null;
}
