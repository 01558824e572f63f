/** Whatever happens in the world, its counters, indexes and graph agree with what they are about. */
import { describe, expect, it } from '@jest/globals';
import type { Control } from '../../sandbox/control/control.ts';
import { createSandbox } from '../../sandbox/index.ts';
import { branchesOf } from '../../sandbox/resources/branches/branch.ts';
import { WorldError } from '../../sandbox/world/errors.ts';
import { walk } from '../../sandbox/resources/commits/graph.ts';
import { networkOf } from '../../sandbox/world/lookup.ts';
import { createRandom, type Random } from '../../sandbox/world/random.ts';
import type { Repository } from '../../sandbox/world/types.ts';
import { repositoryState } from '../../sandbox/resources/index.ts';
import { createWorld, type World } from '../../sandbox/world/world.ts';

type Step = (control: Control, repository: Repository, random: Random) => unknown;

const number = (repository: Repository, random: Random) =>
  1 + random.int(Math.max(1, repository.nextNumber - 1));
const branch = (random: Random) => random.pick(['main', 'side', 'topic', 'release']);

const STEPS: Step[] = [
  (control, { id }, random) => control.push({ repo: id, branch: branch(random), commits: 1 + random.int(3) }),
  (control, { id }, random) =>
    control.forcePush({ repo: id, branch: branch(random), back: random.int(4), commits: random.int(2) }),
  (control, { id }) => control.forcePush({ repo: id, to: null, commits: 2 }),
  (control, { id }, random) =>
    control.mergeBranches({ repo: id, into: branch(random), from: [branch(random)] }),
  (control, { id }, random) => control.createBranch({ repo: id, branch: branch(random) }),
  (control, { id }, random) => control.deleteBranch({ repo: id, branch: branch(random) }),
  (control, { id }, random) => control.renameBranch({ repo: id, from: branch(random), to: branch(random) }),
  (control, { id }) => control.openIssue({ repo: id, labels: ['x'] }),
  (control, { id }, random) => control.openPull({ repo: id, head: branch(random), base: branch(random) }),
  (control, repository, random) =>
    control.closeIssue({ repo: repository.id, number: number(repository, random) }),
  (control, repository, random) =>
    control.reopenIssue({ repo: repository.id, number: number(repository, random) }),
  (control, repository, random) =>
    control.mergePull({
      repo: repository.id,
      number: number(repository, random),
      method: random.pick(['merge', 'squash', 'rebase']),
    }),
  (control, repository, random) =>
    control.deleteIssue({ repo: repository.id, number: number(repository, random) }),
  (control, repository, random) =>
    control.transferIssue({ repo: repository.id, number: number(repository, random), to: 'acme/two' }),
  (control, repository, random) =>
    control.convertToDiscussion({ repo: repository.id, number: number(repository, random) }),
  (control, { id }, random) =>
    control.renameRepository({ repo: id, name: random.pick(['one', 'two', 'three']) }),
  (control, { id }, random) => control.transferRepository({ repo: id, to: random.pick(['acme', 'globex']) }),
  (control, { id }, random) =>
    control.forkRepository({ repo: id, to: random.pick(['ann', 'bob']), name: `fork-${random.hex(3)}` }),
  (control, { id }, random) => (random.chance(0.2) ? control.deleteRepository({ repo: id }) : null),
  (control, { name }, random) =>
    control.createRepository({ owner: 'acme', name: `${name}-${random.hex(2)}` }),
  (control, _repository, random) =>
    control.renameAccount({
      login: random.pick(['acme', 'globex']),
      to: random.pick(['acme', 'globex', 'initech']),
    }),
];

function check(world: World): void {
  expect(createWorld(world.state, repositoryState).index).toEqual(world.index);
  for (const repository of world.state.repositories.values()) {
    const items = [...repository.issues.values()];
    const open = items.filter(({ state }) => state === 'open');
    expect(repository.openIssues).toBe(open.length);
    const openPulls = open.filter(({ pull }) => pull !== null).map((issue) => issue.number);
    expect(repository.openPulls).toEqual(new Set(openPulls));
    const network = networkOf(world, repository);
    const reachable = walk(
      network,
      branchesOf(repository).map(({ sha }) => sha),
    );
    expect(reachable.every((sha) => repository.introduced.has(sha))).toBe(true);
    const parents = reachable.flatMap((sha) => network.commits.get(sha)?.parents ?? []);
    expect(parents.every((sha) => network.commits.has(sha))).toBe(true);
    for (const { pull } of open) if (pull) expect(pull.mergedAt).toBeNull();
  }
}

describe('a random life', () => {
  it.each([1, 2, 3, 4])('keeps the world consistent, with seed %i', async (seed) => {
    const sandbox = await createSandbox({ seed });
    const { control, world } = sandbox;
    for (const login of ['ann', 'bob']) control.createAccount({ login });
    for (const login of ['acme', 'globex']) control.createAccount({ login, type: 'Organization' });
    control.install({ account: 'acme' });
    for (const name of ['one', 'two'])
      control.push({ repo: control.createRepository({ owner: 'acme', name }).id });
    const random = createRandom({ random: seed });
    let done = 0;
    for (let at = 0; at < 400; at += 1) {
      const repositories = [...world.state.repositories.values()];
      if (repositories.length === 0) break;
      try {
        random.pick(STEPS)(control, random.pick(repositories), random);
        done += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(WorldError);
      }
      if (at % 50 === 0) check(world);
    }
    check(world);
    expect(done).toBeGreaterThan(150);
    await sandbox.close();
  });
});
