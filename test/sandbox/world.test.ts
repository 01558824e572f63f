import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createSandbox } from '../../sandbox/index.ts';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { headOf } from '../../sandbox/resources/branches/branch.ts';
import { createClock } from '../../sandbox/world/clock.ts';
import { createInitialWorld } from '../../sandbox/initial-world.ts';
import { compare, historyOf, walk } from '../../sandbox/resources/commits/graph.ts';
import { networkOf } from '../../sandbox/world/lookup.ts';
import { merge, push, setBranch } from '../../sandbox/resources/branches/push.ts';
import { createRepository } from '../../sandbox/resources/repositories/repository.ts';
import { nodeId, readNodeId } from '../../sandbox/world/node-id.ts';
import { deserialise, serialise } from '../../sandbox/world/snapshot.ts';
import type { World } from '../../sandbox/world/world.ts';
import { createLife } from '../../sandbox/life/life.ts';

function emptyWorld(seed = 1): World {
  const clock = createClock();
  clock.freeze(1_780_000_000);
  const initial = { seed, appId: 1, privateKey: '', webhookUrl: null, webhookSecret: null };
  return createInitialWorld(initial, clock);
}

function repositoryOf(world: World) {
  const ann = createAccount(world, { login: 'ann' });
  const repository = createRepository(world, ann, { name: 'r' }, ann);
  return { ann, repository, network: networkOf(world, repository) };
}

describe('history', () => {
  it('compares diverged, behind and unrelated heads', () => {
    const world = emptyWorld();
    const { ann, repository, network } = repositoryOf(world);
    const [root] = push(world, repository, { commits: [{}, {}] }, ann);
    push(
      world,
      repository,
      { branch: 'side', onto: root?.sha ?? '', commits: [{}, {}, {}], force: true },
      ann,
    );
    push(world, repository, { branch: 'island', onto: null }, ann);
    const [main, side, island] = ['main', 'side', 'island'].map((name) => headOf(repository, name) ?? '');
    expect(compare(world, network, main ?? '', side ?? '')).toMatchObject({
      status: 'diverged',
      behindBy: 1,
      mergeBase: root?.sha,
    });
    expect(compare(world, network, main ?? '', root?.sha ?? '')).toMatchObject({
      status: 'behind',
      behindBy: 1,
      ahead: [],
    });
    expect(compare(world, network, main ?? '', island ?? '')).toBeNull();
  });

  it('reaches every parent of an octopus merge once', () => {
    const world = emptyWorld();
    const { ann, repository, network } = repositoryOf(world);
    push(world, repository, {}, ann);
    for (const branch of ['a', 'b', 'c']) push(world, repository, { branch, commits: [{}, {}] }, ann);
    const octopus = merge(world, repository, 'main', ['a', 'b', 'c'], ann, 'octopus');
    expect(octopus.parents).toHaveLength(4);
    expect(historyOf(world, network, octopus.sha).shas).toHaveLength(8);
  });

  it('stops at the first older commit on a path, as git log --since does', () => {
    const world = emptyWorld();
    const { ann, repository, network } = repositoryOf(world);
    const dates = ['2026-09-20', '2026-09-01', '2026-09-25'];
    const made = push(world, repository, { commits: dates.map((date) => ({ committer: { date } })) }, ann);
    const since = Date.parse('2026-09-13') / 1000;
    const shas = walk(network, [made[2]?.sha ?? ''], ({ committer }) => (committer?.date ?? 0) < since);
    expect(shas).toEqual([made[2]?.sha]);
  });

  it('has the SHAs that Git computes for the same objects', () => {
    const world = emptyWorld();
    const { ann, repository } = repositoryOf(world);
    const [one] = push(
      world,
      repository,
      { commits: [{ message: 'hello', author: { date: 1, offset: 120 } }] },
      ann,
    );
    const who = `ann <${ann.id}+ann@users.noreply.github.com> 1 +0200`;
    const text = `tree ${one?.tree}\nauthor ${who}\ncommitter ${who}\n\nhello`;
    const args = ['hash-object', '-t', 'commit', '--stdin', '--literally'];
    expect(execFileSync('git', args, { input: text }).toString().trim()).toBe(one?.sha);
  });

  it('merges pull requests whose commits are pushed, and keeps dropped commits readable', () => {
    const world = emptyWorld();
    const { ann, repository, network } = repositoryOf(world);
    const [root, lost] = push(world, repository, { commits: [{}, {}] }, ann);
    setBranch(world, repository, 'main', root?.sha ?? '', ann);
    expect(historyOf(world, network, headOf(repository, 'main') ?? '').shas).toEqual([root?.sha]);
    expect(network.commits.has(lost?.sha ?? '')).toBe(true);
    expect(repository.activity.at(-1)).toMatchObject({ type: 'force_push', before: lost?.sha });
  });
});

const told = (seed: number) => {
  const world = emptyWorld(seed);
  seedWorld(world, { scale: 0.05 });
  const life = createLife(world);
  const lived = Array.from({ length: 40 }, () => life.live());
  return { lived, state: serialise(world.state) };
};

describe('the world', () => {
  it('is the same for the same seed, and different for another', () => {
    const one = told(1);
    expect(told(1)).toEqual(one);
    expect(told(2).state).not.toBe(one.state);
    expect(one.lived).not.toContain(null);
  });

  it('can be written and read back', () => {
    const world = emptyWorld();
    seedWorld(world, { scale: 0.05 });
    const text = serialise(world.state);
    expect(serialise(deserialise(text))).toBe(text);
  });

  it('seeds the sample organisation', () => {
    const world = emptyWorld();
    seedWorld(world);
    expect(world.state.repositories.size).toBe(13);
  });

  it('resolves its node ids', () => {
    expect(nodeId('R', 1296269)).toBe('R_kgDOABPHjQ');
    for (const [prefix, id, scope] of [
      ['U', 583231, null],
      ['I', 3_500_000_001, 42],
      ['RPA', 20_000_000_001, 42],
      ['REF', 'refs/heads/main', 42],
    ] as const) {
      expect(readNodeId(nodeId(prefix, id, scope))).toEqual({ prefix, id, scope });
    }
    expect(readNodeId('nonsense')).toBeNull();
  });
});

describe('--data', () => {
  it('continues after a restart with the same key, ids and data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const dataFile = join(folder, 'world.json');
    const first = await createSandbox({
      dataFile,
      populate: (world) => void seedWorld(world, { scale: 0.02 }),
    });
    const { number } = first.control.openIssue({ repo: 'octo-sandbox/app', title: 'remember me' });
    await first.close();
    const second = await createSandbox({ dataFile });
    const repository = [...second.world.state.repositories.values()].find(({ name }) => name === 'app');
    expect(repository?.issues.get(number)?.title).toBe('remember me');
    expect(second.privateKey).toBe(first.privateKey);
    expect([...second.world.state.installations.keys()]).toEqual([...first.world.state.installations.keys()]);
    second.control.push({ repo: 'octo-sandbox/app' });
    await second.close();
    await rm(folder, { recursive: true });
  });
});
