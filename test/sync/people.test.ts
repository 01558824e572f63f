import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();

/** Everybody with commits, and how many. */
function shares(): Promise<Record<string, unknown>[]> {
  return mirror.rows(`select k.login, k.name, k.type, commits_count as n from repository_contributors c
    join contributors k on k.id = c.contributor_id order by k.login nulls last, k.email`);
}

async function pushed(
  ...authors: ({ login?: string; name?: string; email?: string; link?: 'empty' } | null)[]
) {
  control.push({ repo, commits: authors.map((author) => ({ author })) });
  await mirror.work();
}

describe('people', () => {
  it('are one contributor under several addresses, in any case', async () => {
    control.addEmail({ login: 'bob', email: 'bob@work.example' });
    await pushed(
      { login: 'bob', email: 'bob@example.com' },
      { login: 'bob', email: 'BOB@Work.Example' },
      { login: 'bob', email: 'bob@example.com' },
    );
    expect(await shares()).toEqual([
      { login: 'ann', name: 'Ann', type: 'User', n: 3 },
      { login: 'bob', name: 'Bob', type: 'User', n: 3 },
    ]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are identified by noreply addresses of both kinds', async () => {
    const { id } = control.createAccount({ login: 'eve', name: 'Eve' });
    await pushed(
      { name: 'Eve', email: `${id}+eve@users.noreply.github.com` },
      { name: 'Eve', email: 'eve@users.noreply.github.com' },
    );
    expect(await shares()).toContainEqual({ login: 'eve', name: 'Eve', type: 'User', n: 2 });
  });

  it('are one contributor under noreply addresses of an account that GitHub does not link', async () => {
    await pushed(
      { name: 'Old', email: '4711+old-name@users.noreply.github.com' },
      { name: 'Old', email: '4711+new-name@users.noreply.github.com' },
    );
    const [found, ...others] = (await shares()).filter(({ login }) => login !== 'ann' && login !== 'bob');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ type: 'User', n: 2 });
    expect(await mirror.rows('select github_id from contributors where github_id = 4711')).toHaveLength(1);
  });

  it('stay one contributor when their account is renamed, with the new login', async () => {
    await pushed({ login: 'bob' });
    control.renameAccount({ login: 'bob', to: 'robert' });
    await pushed({ login: 'robert' });
    expect((await shares()).filter(({ login }) => login === 'robert')).toMatchObject([{ n: 2 }]);
    expect(await mirror.rows(`select 1 from contributors where login = 'bob'`)).toEqual([]);
  });

  it.each(['delivered', 'lost'])(
    "show the new login of an installation's account, its renaming %s",
    async (way) => {
      control.createMilestone({ repo, title: 'one', by: 'acme' });
      await mirror.work();
      if (way === 'lost') control.addDeliveryFault({ kind: 'lose' });
      control.renameAccount({ login: 'acme', to: 'zenith' });
      await (way === 'lost' ? mirror.sweep() : mirror.work());
      const author = 'select k.login from milestones m join contributors k on k.id = m.author_id';
      expect(await mirror.rows(author)).toEqual([{ login: 'zenith' }]);
    },
  );

  it.each(['delivered', 'lost'])(
    'the new login of an installation’s account is dated by GitHub’s clock, its renaming %s',
    async (way) => {
      // For GitHub, the worker's clock is 20 s fast.
      control.clock({ advance: -20, skewMs: -20_000 });
      control.createMilestone({ repo, title: 'one', by: 'acme' });
      await mirror.work();
      if (way === 'lost') control.addDeliveryFault({ kind: 'lose' });
      control.renameAccount({ login: 'acme', to: 'zenith' });
      await (way === 'lost' ? mirror.sweep() : mirror.work());
      const { wall } = control.clock({});
      expect(
        await mirror.rows(`select login, profile_at <= to_timestamp(${wall / 1000}) as is_dated_by_github
          from contributors where login = 'zenith'`),
      ).toEqual([{ login: 'zenith', is_dated_by_github: true }]);
    },
  );

  it('are told apart when somebody else has their old login', async () => {
    await pushed({ login: 'bob' });
    control.renameAccount({ login: 'bob', to: 'robert' });
    control.createAccount({ login: 'bob', name: 'Second', emails: ['second@example.com'] });
    await pushed({ login: 'robert' }, { login: 'bob', email: 'second@example.com', name: 'Second' });
    expect(await shares()).toMatchObject([
      { login: 'ann' },
      { login: 'bob', name: 'Second', n: 1 },
      { login: 'robert', n: 2 },
    ]);
    // Nothing shows that the login of an issue's author changed.
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('keep an old noreply address, whoever has its login today', async () => {
    await pushed({ name: 'Bob', email: 'bob@users.noreply.github.com' });
    const owner = `select k.github_id from contributor_emails e join contributors k on k.id = e.contributor_id
      where e.email = 'bob@users.noreply.github.com'`;
    const before = await mirror.rows(owner);
    control.renameAccount({ login: 'bob', to: 'robert' });
    await mirror.sweep();
    expect(await mirror.rows(owner)).toEqual(before);
  });

  it('are merged when an address is later linked to an account', async () => {
    await pushed({ name: 'Nobody', email: 'nobody@example.com' }, { name: 'N', email: 'nobody@example.com' });
    expect(await shares()).toContainEqual({ login: null, name: expect.any(String), type: 'Anonymous', n: 2 });
    control.addEmail({ login: 'bob', email: 'nobody@example.com' });
    await pushed({ name: 'Nobody', email: 'nobody@example.com' });
    expect(await shares()).toMatchObject([
      { login: 'ann', n: 3 },
      { login: 'bob', n: 3 },
    ]);
    expect(await mirror.rows(`select 1 from contributors where type = 'Anonymous'`)).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('get an address linked later in a verification, even if nothing is pushed', async () => {
    await pushed({ name: 'Nobody', email: 'nobody@example.com' });
    control.addEmail({ login: 'bob', email: 'nobody@example.com' });
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await shares()).toHaveLength(2);
  });

  it('are right after an address moved to another account', async () => {
    control.addEmail({ login: 'bob', email: 'shared@example.com' });
    await pushed({ name: 'S', email: 'shared@example.com' });
    control.removeEmail({ login: 'bob', email: 'shared@example.com' });
    control.addEmail({ login: 'ann', email: 'shared@example.com' });
    await pushed({ name: 'S', email: 'shared@example.com' });
    await mirror.verify();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('include bots, mannequins, and authors without an address', async () => {
    const bot = control.createAccount({ login: 'helper[bot]', type: 'Bot' });
    control.createAccount({ login: 'doll', type: 'Mannequin', emails: ['doll@example.com'] });
    await pushed(
      { name: 'helper[bot]', email: `${bot.id}+helper[bot]@users.noreply.github.com` },
      { login: 'doll' },
      { name: 'No Address', email: '' },
      null,
    );
    control.openIssue({ repo, by: 'doll' });
    control.openPull({ repo, head: 'bump', by: 'helper[bot]' });
    await mirror.work();
    expect((await shares()).map(({ login, type, n }) => ({ login, type, n }))).toEqual([
      { login: 'ann', type: 'User', n: 3 },
      { login: 'doll', type: 'Mannequin', n: 1 },
      { login: 'helper[bot]', type: 'Bot', n: 1 },
    ]);
    expect(await mirror.rows('select 1 from commits where author_id is null')).toHaveLength(2);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are null if they are ghosts', async () => {
    control.createAccount({ login: 'eve', emails: ['eve@example.com'] });
    await pushed({ login: 'eve' });
    control.openIssue({ repo, by: 'eve' });
    await mirror.work();
    control.deleteAccount({ login: 'eve' });
    await mirror.verify();
    // Of her commits the address is left, and whose it was is known.
    expect((await differencesFromGitHub(mirror)).filter((line) => !line.startsWith('commits'))).toEqual([]);
    expect((await shares()).filter(({ login }) => login === 'eve')).toMatchObject([{ n: 1 }]);
    expect(await mirror.rows('select 1 from contributors where github_id = 10137')).toEqual([]);
    expect(await mirror.rows(`select author_login, author_id from issues where number = 4`)).toEqual([
      { author_login: 'ghost', author_id: null },
    ]);
  });

  it('have exact counts after force pushes', async () => {
    await pushed({ login: 'bob' }, { login: 'ann' }, { name: 'X', email: 'x@example.com' });
    control.forcePush({ repo, back: 3 });
    await mirror.work();
    expect((await shares()).map(({ n }) => n)).toEqual([3]);
    await pushed({ login: 'bob' });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('own commits with their address that GitHub shows with an empty account', async () => {
    await pushed(
      { name: 'Bob', email: 'bob@example.com' },
      { name: 'Bob', email: 'bob@example.com', link: 'empty' },
    );
    expect((await shares()).filter(({ login }) => login === 'bob')).toMatchObject([{ n: 2 }]);
  });
});
