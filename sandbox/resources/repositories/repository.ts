/** Creating, forking, deleting repositories. */
import { announceAdded, deselect } from '../installations/installation-selection.ts';
import { claimName, releaseName } from './repository-name.ts';
import type { Account, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import type { InRepository, Changes } from '../../world/occurrence.ts';

export interface RepositoryOccurrence extends InRepository {
  event: 'repository';
  action:
    | 'archived'
    | 'created'
    | 'deleted'
    | 'edited'
    | 'privatized'
    | 'publicized'
    | 'renamed'
    | 'transferred'
    | 'unarchived';
  changes?: Changes;
  /** For `transferred`. */
  formerOwner?: Account;
}

interface ForkOccurrence extends InRepository {
  event: 'fork';
  forkee: Repository;
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    repository: RepositoryOccurrence;
    fork: ForkOccurrence;
  }
}

export interface RepositoryInput {
  name: string;
  private?: boolean;
  description?: string | null;
  language?: string | null;
  topics?: string[];
  defaultBranch?: string;
  hasIssues?: boolean;
  isTemplate?: boolean;
  id?: number;
}

/**
 * Creates an empty repository. An "all repositories" installation of its owner gets two events, in no
 * guaranteed order.
 */
export function createRepository(
  world: World,
  owner: Account,
  input: RepositoryInput,
  by: Account,
): Repository {
  const networkId = world.nextId('network', 0);
  world.state.networks.set(networkId, { id: networkId, commits: new Map(), tags: new Map() });
  const repository = blank(world, owner, input, networkId);
  claimName(world, repository);
  world.state.repositories.set(repository.id, repository);
  announceCreated(world, repository, by);
  return repository;
}

function announceCreated(world: World, repository: Repository, by: Account): void {
  announceAdded(world, repository, by);
  world.emit({ event: 'repository', action: 'created', repository, sender: by });
}

/** Forks a repository to another account, with all its branches. The source gets the event `fork`. */
export function forkRepository(
  world: World,
  source: Repository,
  owner: Account,
  by: Account,
  name = source.name,
): Repository {
  const { networkId, language, description, defaultBranch } = source;
  const fork = blank(world, owner, { name, language, description, defaultBranch }, networkId);
  Object.assign(fork, { visibility: source.visibility, parentId: source.id, hasIssues: false });
  fork.sourceId = source.sourceId ?? source.id;
  fork.refs = new Map([...source.refs].map(([ref, { sha }]) => [ref, { sha, protected: false }]));
  fork.introduced = new Set(source.introduced);
  fork.pushedAt = source.pushedAt;
  source.forks += 1;
  claimName(world, fork);
  world.state.repositories.set(fork.id, fork);
  announceCreated(world, fork, by);
  world.emit({ event: 'fork', repository: source, sender: by, forkee: fork });
  return fork;
}

/**
 * Deletes a repository. Its installation gets `repository.deleted` and `installation_repositories.removed`
 * (both are reported from the field). Its commits stay in the network for its forks.
 */
export function deleteRepository(world: World, repository: Repository, by: Account): void {
  world.emit({ event: 'repository', action: 'deleted', repository, sender: by });
  deselect(world, repository, by);
  releaseName(world, repository);
  world.state.repositories.delete(repository.id);
  const parent = world.state.repositories.get(repository.parentId ?? 0);
  if (parent) parent.forks -= 1;
  for (const issue of repository.issues.values()) {
    world.index.issues.delete(issue.id);
    if (issue.pull) world.index.pulls.delete(issue.pull.id);
  }
}

function blank(world: World, owner: Account, input: RepositoryInput, networkId: number): Repository {
  const now = world.clock.now();
  return {
    id: input.id ?? world.nextId('repository', 1_060_000_000),
    networkId,
    ownerId: owner.id,
    name: input.name,
    visibility: input.private ? 'private' : 'public',
    description: input.description ?? null,
    homepage: null,
    language: input.language ?? null,
    topics: input.topics ?? [],
    parentId: null,
    sourceId: null,
    defaultBranch: input.defaultBranch ?? 'main',
    archived: false,
    disabled: false,
    hasIssues: input.hasIssues ?? true,
    hasPullRequests: true,
    isTemplate: input.isTemplate ?? false,
    stargazers: 0,
    forks: 0,
    size: 0,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    block: null,
    contributorsTooLarge: false,
    refs: new Map(),
    ...world.repositoryState(),
    issues: new Map(),
    gone: new Map(),
    nextNumber: 1,
    openPulls: new Set(),
    openIssues: 0,
    activity: [],
    introduced: new Set(),
    version: 0,
  };
}
