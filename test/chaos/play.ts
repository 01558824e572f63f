import type { Control } from '../../sandbox/control/control.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import type { Random } from '../../sandbox/world/random.ts';
import { installationFor } from '../../sandbox/world/access.ts';
import type { Account, Installation, Issue, Repository } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';

/** What an action draws from: the world as it is, and choices that depend on the seed alone. */
export interface Play {
  world: World;
  random: Random;
  control: Control;
  /** Some repository, or some one that is `fit`. */
  repository: (fit?: (repository: Repository) => boolean) => Repository;
  /** An issue, or with `pull` a pull request, of some repository; one that is `fit` where that is asked for. */
  item: (pull: boolean, fit?: (issue: Issue) => boolean) => { repository: Repository; issue: Issue };
  /** A user who may do things. */
  person: () => Account;
  owner: () => Account;
  installation: () => Installation;
  /** A name that nothing bears yet. */
  fresh: (prefix: string) => string;
}

/** One kind of thing that happens at GitHub. */
export interface Action {
  weight: number;
  /** GitHub shows it by no ref, clock or count: only comparing everything finds it where it was not delivered. */
  unseen?: boolean;
  run: (play: Play) => unknown;
}

/** Writes every control call down before it is made. */
export function createPlay(sandbox: Sandbox, random: Random, note: (line: string) => void): Play {
  const { world } = sandbox;
  const { state } = world;
  let names = 0;
  /** Mostly one that the App reaches; at times one that it does not, or not yet. */
  const repository = (fit: (one: Repository) => boolean = () => true): Repository => {
    const all = [...state.repositories.values()].filter(fit);
    const reached = all.filter((one) => installationFor(world, one) !== null);
    return random.pick(reached.length > 0 && random.chance(0.9) ? reached : all);
  };
  return {
    world,
    random,
    control: recorded(sandbox.control, note),
    repository,
    item: (pull, fit = () => true) => {
      const items = ({ issues }: Repository): Issue[] =>
        [...issues.values()].filter((one) => (one.pull !== null) === pull && fit(one));
      const home = repository((one) => items(one).length > 0);
      return { repository: home, issue: random.pick(items(home)) };
    },
    person: () => random.pick(accounts(world, ({ type }) => type === 'User')),
    owner: () => random.pick(accounts(world, ({ id }) => isOwner(world, id))),
    installation: () => random.pick([...state.installations.values()]),
    fresh: (prefix) => `${prefix}-${++names}`,
  };
}

function accounts(world: World, wanted: (account: Account) => boolean): Account[] {
  return [...world.state.accounts.values()].filter(
    (one) => !one.deleted && one.login !== 'ghost' && one.login !== 'github' && wanted(one),
  );
}

function isOwner(world: World, id: number): boolean {
  return [...world.state.repositories.values()].some(({ ownerId }) => ownerId === id);
}

function recorded(control: Control, note: (line: string) => void): Control {
  return new Proxy(control, {
    get(target, name) {
      const action: unknown = Reflect.get(target, name);
      if (typeof action !== 'function') return action;
      return (input: unknown): unknown => {
        note(`${String(name)} ${(JSON.stringify(input) ?? '').slice(0, 300)}`);
        return Reflect.apply(action, target, [input]);
      };
    },
  });
}
