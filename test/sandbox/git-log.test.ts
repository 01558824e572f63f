/** History comes in the very order in which Git itself shows it, whatever the dates and merges. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { addCommit, commitDate } from '../../sandbox/resources/commits/commit.ts';
import { createInitialWorld } from '../../sandbox/initial-world.ts';
import { historyOf, walk } from '../../sandbox/resources/commits/graph.ts';
import { networkOf } from '../../sandbox/world/lookup.ts';
import { createRandom } from '../../sandbox/world/random.ts';
import { createRepository } from '../../sandbox/resources/repositories/repository.ts';
import type { Commit } from '../../sandbox/world/types.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-log-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function git(args: string[], input = ''): string {
  return execFileSync('git', ['--git-dir', folder, ...args], { input }).toString();
}

/** A random history with merges, several roots and clocks that go wrong: messages are the commits' numbers. */
function randomHistory(seed: number) {
  const world = createInitialWorld({ seed, appId: 1, privateKey: '', webhookUrl: null, webhookSecret: null });
  const ann = createAccount(world, { login: 'ann' });
  const network = networkOf(world, createRepository(world, ann, { name: 'r' }, ann));
  const random = createRandom({ random: seed });
  const commits: Commit[] = [];
  for (let at = 0; at < 60; at += 1) {
    const count = random.chance(0.1) ? 0 : random.chance(0.25) ? 2 + random.int(2) : 1;
    const parents =
      commits.length === 0 ? [] : Array.from({ length: count }, () => random.pick(commits.slice(-8)).sha);
    const date = 1_700_000_000 + at * 100 + random.int(4) * 150 * (random.chance(0.5) ? 1 : -1);
    commits.push(
      addCommit(world, network, { message: String(at), author: { date } }, [...new Set(parents)], ann),
    );
  }
  const tips = commits.slice(-3).map(({ sha }) => sha);
  const head = addCommit(world, network, { message: '60', author: { date: 1_700_006_000 } }, tips, ann);
  return { world, network, commits: [...commits, head], head };
}

function importIntoGit(commits: Commit[]): void {
  const marks = new Map(commits.map(({ sha }, at) => [sha, at + 1]));
  const lines = commits.flatMap((commit, at) => [
    ...(commit.parents.length === 0 ? ['reset refs/heads/main', ''] : []),
    'commit refs/heads/main',
    `mark :${at + 1}`,
    `committer a <a@b.c> ${commitDate(commit)} +0000`,
    `data ${commit.message.length}`,
    commit.message,
    ...commit.parents.map((sha, index) => `${index === 0 ? 'from' : 'merge'} :${marks.get(sha)}`),
    '',
  ]);
  git(['init', '--quiet', '--bare', folder]);
  git(['fast-import', '--quiet', '--force'], `${lines.join('\n')}\n`);
}

function log(...args: string[]): string[] {
  return git(['log', '--format=%s', ...args, 'main'])
    .trim()
    .split('\n');
}

describe('history', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is in the order of git log, for random graph %i', (seed) => {
    const { world, network, commits, head } = randomHistory(seed);
    importIntoGit(commits);
    const messages = (shas: string[]) => shas.map((sha) => network.commits.get(sha)?.message);
    expect(messages(historyOf(world, network, head.sha).shas)).toEqual(log());
    const since = 1_700_003_000;
    const limited = walk(network, [head.sha], (commit) => commitDate(commit) < since);
    expect(messages(limited)).toEqual(log(`--since=${since}`));
  });
});
