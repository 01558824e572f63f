import { describe, expect, it } from '@jest/globals';
import { useMirror } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const app = 1_060_000_001;
const { mirror, control, restart } = useMirror();

const said = `select sync_status, split_part(sync_error, ':', 1) as code from repositories where id = ${app}`;
const badAnswer = [{ sync_status: 'error', code: 'GITHUB_BAD_ANSWER' }];

/** What is left wrong once the fault is over and a sweep has run. */
async function afterwards(): Promise<string[]> {
  control.clearFaults({});
  await mirror.sweep();
  return differencesFromGitHub(mirror);
}

function headOf(branch: string): string {
  const found = [...mirror.sandbox.world.state.repositories.values()].find(({ name }) => name === 'app');
  return found?.refs.get(`refs/heads/${branch}`)?.sha ?? '';
}

/** What differs, but for what is said of the repository. */
async function wrong(): Promise<string[]> {
  return (await differencesFromGitHub(mirror)).filter((line) => !line.startsWith('repositor'));
}

describe('a commit that GitHub does not show', () => {
  const deliveryModes = {
    odd: (match: string, sha: string) =>
      control.addFault({ action: { kind: 'odd-element', where: { sha }, set: { parents: null } }, match }),
    broken: (match: string, sha: string) =>
      control.addFault({ action: { kind: 'broken-element', where: { sha } }, match }),
  };
  const list = String.raw`/commits\?sha`;
  const aloneToo = String.raw`/\d+/commits`;
  const everywhere = '/commits';

  /** Some commits, and the one among them that is in question. */
  const histories: Record<string, () => string> = {
    'in the middle': () => {
      control.push({ repo, commits: [{ message: 'odd', author: { login: 'ann' } }] });
      const sha = headOf('main');
      control.push({ repo, commits: 2 });
      return sha;
    },
    'a merge': () => {
      control.createBranch({ repo, branch: 'side' });
      control.push({ repo, branch: 'side', commits: 3 });
      control.push({ repo, commits: 2 });
      control.mergeBranches({ repo, from: ['side'] });
      const sha = headOf('main');
      control.push({ repo, commits: 2 });
      return sha;
    },
    'the head': () => {
      control.push({ repo, commits: [{ message: 'odd', author: { login: 'ann' } }] });
      return headOf('main');
    },
    'the root': () => {
      control.forcePush({ repo, to: null, commits: 1 });
      const sha = headOf('main');
      control.push({ repo, commits: 3 });
      return sha;
    },
  };

  const cases = [
    ['a merge', 'odd'],
    ['the head', 'broken'],
    ['the root', 'broken'],
    ['in the middle', 'odd'],
  ] as const;

  it.each(cases.slice(0, 2))('is requested individually: %s, %s', async (place, way) => {
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/compare/' });
    const sha = histories[place]?.() ?? '';
    deliveryModes[way](list, sha);
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('lacks only its account if shown as a Git object, and the account is requested again', async () => {
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/compare/' });
    const sha = histories['in the middle']?.() ?? '';
    deliveryModes.broken(aloneToo, sha);
    await mirror.work();
    expect(await mirror.rows(`select message, orphaned_at from commits where sha = '${sha}'`)).toEqual([
      { message: 'odd', orphaned_at: null },
    ]);
    expect(await mirror.rows(said)).toEqual(badAnswer);
    expect(await afterwards()).toEqual([]);
    expect(await mirror.rows('select unread from repository_sync')).toEqual([{ unread: {} }]);
  });

  it.each(cases)('is the only one left out until it is shown: %s, %s', async (place, way) => {
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/compare/' });
    const sha = histories[place]?.() ?? '';
    deliveryModes[way](everywhere, sha);
    await mirror.work();
    const lacking = await wrong();
    expect(lacking).toEqual([expect.stringContaining(sha)]);
    expect(await mirror.rows(said)).toEqual(badAnswer);
    // Known once, it costs a few requests, and nothing else waits for it.
    control.push({ repo, commits: 1 });
    await mirror.work();
    control.resetStats({});
    await mirror.sweep();
    expect(control.stats().requests).toBeLessThan(60);
    expect(await wrong()).toEqual(lacking);
    await mirror.verify();
    expect(await wrong()).toEqual(lacking);
    expect(await mirror.rows(said)).toEqual(badAnswer);
    expect(await afterwards()).toEqual([]);
    expect(await mirror.rows('select unread from repository_sync')).toEqual([{ unread: {} }]);
  });

  it('is left out of a first import', async () => {
    await restart({ imported: false });
    const sha = mirror.sandbox.world.silently(() => histories['a merge']?.() ?? '');
    deliveryModes.broken(everywhere, sha);
    await mirror.sweep();
    const lacking = [expect.stringContaining(sha)];
    expect(await wrong()).toEqual(lacking);
    // And of a comparison in which no round has time for more than a page.
    control.growCommits({ repo, count: 250 });
    await mirror.work();
    while ((await mirror.sync(app, { mode: 'full', deadline: 0 })).state === 'unfinished');
    expect(await wrong()).toEqual(lacking);
    expect(await afterwards()).toEqual([]);
  });

  it('is forgotten once the history no longer contains it', async () => {
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/compare/' });
    deliveryModes.odd(everywhere, histories['in the middle']?.() ?? '');
    await mirror.work();
    expect(await mirror.rows(said)).toEqual(badAnswer);
    control.forcePush({ repo, back: 3, commits: 1 });
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
