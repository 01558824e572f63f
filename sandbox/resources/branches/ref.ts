/** Moving refs: everything that follows from a branch or tag getting another sha. */
import { HEADS, NO_SHA } from './branch.ts';
import { WorldError } from '../../world/errors.ts';
import { isAncestor, newCommits, walk } from '../commits/graph.ts';
import { networkOf } from '../../world/lookup.ts';
import { peel } from '../tags.ts';
import { closePullsOfBranch, followBranch } from '../pulls/pull-follow.ts';
import type { Account, ActivityType, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import type { InRepository } from '../../world/occurrence.ts';

export interface PushOccurrence extends InRepository {
  event: 'push';
  ref: string;
  before: string;
  after: string;
  created: boolean;
  deleted: boolean;
  forced: boolean;
  /** Oldest first. */
  shas: string[];
  /** Those of `shas` that were in the repository before (`distinct: false`). */
  known: Set<string>;
}

export interface RefOccurrence extends InRepository {
  event: 'create' | 'delete';
  ref: string;
  refType: 'branch' | 'tag';
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    push: PushOccurrence;
    create: RefOccurrence;
    delete: RefOccurrence;
  }
}

/**
 * Sets a ref (full name) to a commit or tag object, creates it, or deletes it (`sha` null), with all consequences: activity, `pushed_at`, pull
 * requests that follow the branch, and the `push`, `create` and `delete` events. Not announced: pushes that change nothing.
 */
export function moveRef(
  world: World,
  repository: Repository,
  ref: string,
  sha: string | null,
  by: Account,
  type?: ActivityType,
): void {
  const before = repository.refs.get(ref)?.sha ?? null;
  if (before === sha) return;
  const network = networkOf(world, repository);
  if (sha !== null && !network.commits.has(peel(network, sha))) throw new WorldError(`no commit ${sha}`);
  const shas = sha === null ? [] : pushedShas(world, repository, before, peel(network, sha));
  const known = new Set(shas.filter((one) => repository.introduced.has(one)));
  const forced =
    before !== null && sha !== null && !isAncestor(world, network, peel(network, before), peel(network, sha));
  if (sha === null) repository.refs.delete(ref);
  else {
    repository.refs.set(ref, { sha, protected: repository.refs.get(ref)?.protected ?? false });
    for (const one of shas) repository.introduced.add(one);
  }
  repository.pushedAt = world.clock.now();
  touch(repository);
  if (ref.startsWith(HEADS))
    record(world, repository, ref, before, sha, by, type ?? kind(before, sha, forced));
  announce(world, repository, { ref, before, sha, forced, shas, known, by });
  if (!ref.startsWith(HEADS)) return;
  const branch = ref.slice(HEADS.length);
  if (sha === null) closePullsOfBranch(world, repository, branch, by);
  else if (before !== null) {
    followBranch(world, repository, branch, { before, after: sha, shas: new Set(shas) }, by);
  }
}

/** What a push brings, oldest first. A new ref brings what the repository's other refs never had. */
function pushedShas(world: World, repository: Repository, before: string | null, sha: string): string[] {
  const network = networkOf(world, repository);
  if (before !== null) return newCommits(world, network, peel(network, before), sha).toReversed();
  return walk(network, [sha], (commit) => repository.introduced.has(commit.sha)).toReversed();
}

function kind(before: string | null, sha: string | null, forced: boolean): ActivityType {
  if (before === null) return 'branch_creation';
  if (sha === null) return 'branch_deletion';
  return forced ? 'force_push' : 'push';
}

function record(
  world: World,
  repository: Repository,
  ref: string,
  before: string | null,
  after: string | null,
  by: Account,
  type: ActivityType,
): void {
  repository.activity.push({
    id: world.nextId('activity', 20_000_000_000),
    before: before ?? NO_SHA,
    after: after ?? NO_SHA,
    ref,
    timestamp: world.clock.now(),
    type,
    actorId: by.id,
  });
}

interface Move {
  ref: string;
  before: string | null;
  sha: string | null;
  forced: boolean;
  shas: string[];
  known: Set<string>;
  by: Account;
}

function announce(world: World, repository: Repository, move: Move): void {
  const { ref, before, sha, forced, shas, known, by } = move;
  const common = { repository, sender: by, ref };
  const refType = ref.startsWith(HEADS) ? ('branch' as const) : ('tag' as const);
  if (before === null) world.emit({ ...common, event: 'create', refType });
  world.emit({
    ...common,
    event: 'push',
    before: before ?? NO_SHA,
    after: sha ?? NO_SHA,
    created: before === null,
    deleted: sha === null,
    forced,
    shas: refType === 'tag' ? [] : shas,
    known,
  });
  if (sha === null) world.emit({ ...common, event: 'delete', refType });
}
