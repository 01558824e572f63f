/** The world: its state, clocks, seeded choices, look-ups by name, and its listeners. */
import { createClock, type Clock } from './clock.ts';
import { createRandom, type Random } from './random.ts';
import type { Occurrence } from './occurrence.ts';
import type { Account, Repository, RepositoryState, WorldState } from './types.ts';

type Listener = (occurrence: Occurrence) => void;

/** Look-ups that follow from the state; kept up to date by those who change it. Keys in lower case. */
export interface WorldIndex {
  logins: Map<string, number>;
  emails: Map<string, number>;
  fullNames: Map<string, number>;
  /** Issue id and pull request id to where it is. */
  issues: Map<number, { repositoryId: number; number: number }>;
  pulls: Map<number, { repositoryId: number; number: number }>;
}

export interface World {
  readonly state: WorldState;
  readonly index: WorldIndex;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * The next id of a sequence, whose first one comes after `above`: where GitHub's ids are today (issue ids
   * beyond 2^31).
   */
  nextId(sequence: string, above: number): number;
  /** What a new repository has of every resource. */
  repositoryState: () => RepositoryState;
  subscribe(listener: Listener): () => void;
  emit(occurrence: Occurrence): void;
  /** Runs `scope` without notifying listeners: for seeding and bulk growth. */
  silently<T>(work: () => T): T;
}

/** A world around `state` (its indexes are built from it); `repositoryState` makes what resources keep in a new repository. */
export function createWorld(
  state: WorldState,
  repositoryState: () => RepositoryState,
  clock: Clock = createClock(),
): World {
  const listeners = new Set<Listener>();
  let silent = false;
  return {
    state,
    index: buildIndex(state),
    clock,
    random: createRandom(state),
    nextId: (sequence, above) => (state.sequences[sequence] = (state.sequences[sequence] ?? above) + 1),
    repositoryState,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit: (occurrence) => {
      if (!silent) for (const listener of listeners) listener(occurrence);
    },
    silently: (work) => {
      const before = silent;
      silent = true;
      try {
        return work();
      } finally {
        silent = before;
      }
    },
  };
}

function buildIndex(state: WorldState): WorldIndex {
  const index: WorldIndex = {
    logins: new Map(),
    emails: new Map(),
    fullNames: new Map(),
    issues: new Map(),
    pulls: new Map(),
  };
  for (const account of state.accounts.values()) indexAccount(index, account);
  for (const repository of state.repositories.values()) {
    const owner = state.accounts.get(repository.ownerId);
    if (owner) index.fullNames.set(`${owner.login}/${repository.name}`.toLowerCase(), repository.id);
    for (const { id, number, pull } of repository.issues.values()) {
      index.issues.set(id, { repositoryId: repository.id, number });
      if (pull) index.pulls.set(pull.id, { repositoryId: repository.id, number });
    }
  }
  return index;
}

/** Makes an account findable by login and e-mail; a deleted one is not. */
export function indexAccount(index: WorldIndex, account: Account): void {
  if (account.deleted) return;
  index.logins.set(account.login.toLowerCase(), account.id);
  for (const email of account.emails) index.emails.set(email, account.id);
}

/** Marks a change of anything in the repository, for the memoised lists. */
export function touch(repository: Repository): void {
  repository.version += 1;
}
