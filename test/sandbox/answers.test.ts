import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

beforeAll(async () => {
  github = await startHarness();
});

afterAll(() => github.close());

async function statusOf(path: string): Promise<[status: number, message: unknown]> {
  const { status, body } = await github.get(path);
  return [status, body?.message];
}

const etag = async () =>
  (await github.get('/repos/acme/app', { authorization: `token ${await github.token()}` })).headers.get(
    'etag',
  );

describe('ETags', () => {
  it('follow the observed algorithm, and yield a free 304 without Link', async () => {
    const headers = { accept: 'application/json', authorization: `token ${await github.token()}` };
    const first = await github.get('/repos/acme/app/commits?per_page=1', headers);
    const text = `${headers.accept}:${headers.authorization}:${first.text}`;
    const etag = `"${createHash('sha256').update(text).digest('hex')}"`;
    expect(first.headers.get('etag')).toBe(etag);
    const before = first.headers.get('x-ratelimit-used');
    const second = await github.get('/repos/acme/app/commits?per_page=1', {
      ...headers,
      'if-none-match': `W/${etag}`,
    });
    expect([second.status, second.text, second.headers.get('link')]).toEqual([304, '', null]);
    expect(second.headers.get('x-ratelimit-used')).toBe(before);
  });

  it('change with the token', async () => {
    expect(await etag()).not.toBe(await etag());
  });

  it('are complemented by Last-Modified, which does not depend on the token', async () => {
    const first = await github.get('/repos/acme/app');
    const since = first.headers.get('last-modified') ?? '';
    const headers = { authorization: `token ${await github.token()}`, 'if-modified-since': since };
    expect((await github.get('/repos/acme/app', headers)).status).toBe(304);
    const earlier = { ...headers, 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' };
    expect((await github.get('/repos/acme/app', earlier)).status).toBe(200);
  });

  it('are the SHA itself if the answer is a bare SHA', async () => {
    const { headers, text } = await github.get('/repos/acme/app/commits/main', {
      accept: 'application/vnd.github.sha',
    });
    expect(text).toMatch(/^[0-9a-f]{40}$/);
    expect(headers.get('etag')).toBe(`"${text}"`);
  });
});

describe('versions', () => {
  it('omit what 2026-03-10 removed, and are rejected if unknown', async () => {
    const { control } = github.sandbox;
    control.openPull({ repo: 'acme/app', head: 'versions' });
    const at = (version: string) => github.get('/repos/acme/app/pulls', { 'x-github-api-version': version });
    expect((await at('2022-11-28')).body[0]).toHaveProperty('merge_commit_sha');
    const [pull] = (await at('2026-03-10')).body;
    expect(pull).not.toHaveProperty('merge_commit_sha');
    expect(pull).not.toHaveProperty('assignee');
    expect(pull.base.repo).not.toHaveProperty('has_downloads');
    expect((await at('1999-01-01')).status).toBe(400);
  });
});

describe('objects that moved or are gone', () => {
  it('redirects from the old name of a repository until it is reused', async () => {
    const { control } = github.sandbox;
    const { id } = control.createRepository({ owner: 'acme', name: 'before' });
    control.renameRepository({ repo: id, name: 'after' });
    const moved = await github.get('/repos/Acme/Before/branches?per_page=2');
    const url = `${github.sandbox.url}/repositories/${id}/branches?per_page=2`;
    expect([moved.status, moved.headers.get('location'), moved.body.url]).toEqual([301, url, url]);
    expect((await github.get(url)).status).toBe(200);
    const other = control.createRepository({ owner: 'acme', name: 'before' });
    expect((await github.get('/repos/acme/before')).body.id).toBe(other.id);
  });

  it('retargets the pull requests into a renamed branch, and closes those from it', async () => {
    const { control } = github.sandbox;
    const { id } = control.createRepository({ owner: 'acme', name: 'branched' });
    for (const branch of ['main', 'next', 'topic']) control.push({ repo: id, branch });
    const numbers = ['next', 'topic'].map(
      (head) => control.openPull({ repo: id, head, base: head === 'topic' ? 'next' : 'main' }).number,
    );
    control.renameBranch({ repo: id, from: 'next', to: 'later' });
    const shown = await Promise.all(
      numbers.map(async (number) => (await github.get(`/repositories/${id}/pulls/${number}`)).body),
    );
    expect(shown.map(({ state, head, base }) => [state, head.ref, base.ref])).toEqual([
      ['closed', 'next', 'main'],
      ['open', 'topic', 'later'],
    ]);
  });

  it("redirects from an owner's old name, and distinguishes owners that swapped names", async () => {
    const { control } = github.sandbox;
    const [one, two] = ['one', 'two'].map((name) => control.createRepository({ owner: 'acme', name }).id);
    control.renameRepository({ repo: one ?? 0, name: 'three' });
    control.renameRepository({ repo: two ?? 0, name: 'one' });
    control.renameRepository({ repo: one ?? 0, name: 'two' });
    expect((await github.get('/repos/acme/one')).body.id).toBe(two);
    expect((await github.get('/repos/acme/two')).body.id).toBe(one);
    control.renameAccount({ login: 'acme', to: 'acme-labs' });
    expect((await github.get('/repos/acme/one')).status).toBe(301);
    expect((await github.get('/repos/acme-labs/one')).body.owner.login).toBe('acme-labs');
    control.renameAccount({ login: 'acme-labs', to: 'acme' });
  });

  it('answers 410 for issues that are deleted or switched off, 301 for transferred ones', async () => {
    const { control } = github.sandbox;
    control.createRepository({ owner: 'acme', name: 'tracker' });
    control.createRepository({ owner: 'acme', name: 'target' });
    const repo = 'acme/tracker';
    for (const title of ['a', 'b', 'c']) control.openIssue({ repo, title });
    control.deleteIssue({ repo, number: 1 });
    const moved = control.transferIssue({ repo, number: 2, to: 'acme/target' });
    expect(await statusOf(`/repos/${repo}/issues/1`)).toEqual([410, 'This issue was deleted']);
    const answer = await github.get(`/repos/${repo}/issues/2`);
    expect(answer.status).toBe(301);
    expect((await github.get(answer.headers.get('location') ?? '')).body.id).toBe(moved.id);
    control.editRepository({ repo, hasIssues: false });
    expect(await statusOf(`/repos/${repo}/issues`)).toEqual([410, 'Issues are disabled for this repo']);
  });

  it('hides pull requests while they are switched off, and shows all of them afterwards', async () => {
    const { control } = github.sandbox;
    const repo = control.createRepository({ owner: 'acme', name: 'closed-shop' }).id;
    control.push({ repo });
    const { number } = control.openPull({ repo, head: 'feature' });
    const paths = ['', `/${number}`, `/${number}/commits`, `/${number}/reviews`].map(
      (path) => `/repos/acme/closed-shop/pulls${path}`,
    );
    const statuses = () => Promise.all(paths.map(async (path) => (await github.get(path)).status));
    control.editRepository({ repo, hasPullRequests: false });
    expect((await github.get('/repos/acme/closed-shop')).body.has_pull_requests).toBe(false);
    expect(await statuses()).toEqual([404, 404, 404, 404]);
    control.editRepository({ repo, hasPullRequests: true });
    expect(await statuses()).toEqual([200, 200, 200, 200]);
  });

  it('answers 451 or 403 for blocked repositories, and still lists them', async () => {
    const { control } = github.sandbox;
    const { id } = control.createRepository({ owner: 'acme', name: 'blocked' });
    control.blockRepository({ repo: id, reason: 'dmca' });
    expect(await statusOf('/repos/acme/blocked')).toEqual([451, 'Repository access blocked']);
    control.blockRepository({ repo: id, reason: 'tos' });
    expect(await statusOf('/repos/acme/blocked')).toEqual([403, 'Repository access blocked']);
    const { body } = await github.get('/installation/repositories?per_page=100');
    expect(body.repositories.map((one: { id: number }) => one.id)).toContain(id);
  });

  it('shows an empty repository without commits (409), contributors (204) or branches', async () => {
    github.sandbox.control.createRepository({ owner: 'acme', name: 'void' });
    expect(await statusOf('/repos/acme/void/commits')).toEqual([409, 'Git Repository is empty.']);
    expect((await github.get('/repos/acme/void/contributors')).status).toBe(204);
    expect((await github.get('/repos/acme/void/branches')).body).toEqual([]);
  });

  it('rejects a trailing slash and a missing User-Agent', async () => {
    expect((await github.get('/repos/acme/app/')).status).toBe(404);
    expect((await github.get('/repos/acme/app', { 'user-agent': '' })).status).toBe(403);
  });
});

describe('people', () => {
  it('shows a deleted author as the ghost in issues, and as null in reviews', async () => {
    const { control } = github.sandbox;
    control.createAccount({ login: 'leaver' });
    control.openIssue({ repo: 'acme/app', by: 'leaver' });
    const pull = control.openPull({ repo: 'acme/app', head: 'ghostly', by: 'ann' });
    control.review({ repo: 'acme/app', number: pull.number, by: 'leaver' });
    control.deleteAccount({ login: 'leaver' });
    const [issue] = (await github.get('/repos/acme/app/issues?direction=desc&labels=')).body.filter(
      (one: { pull_request?: unknown }) => !one.pull_request,
    );
    expect([issue.user.login, issue.user.id]).toEqual(['ghost', 10137]);
    const [review] = (await github.get(`/repos/acme/app/pulls/${pull.number}/reviews`)).body;
    expect(review.user).toBeNull();
  });

  it('links commits by verified and noreply addresses, or shows `{}` or null', async () => {
    const { control } = github.sandbox;
    const { id } = control.createAccount({ login: 'linus', emails: ['linus@one.example'] });
    const { repo } = { repo: control.createRepository({ owner: 'acme', name: 'mails' }).id };
    const emails = [
      'LINUS@one.example',
      'linus@two.example',
      'linus@users.noreply.github.com',
      `${id}+x@users.noreply.github.com`,
    ];
    control.push({
      repo,
      commits: [
        ...emails.map((email) => ({ author: { name: 'L', email } })),
        { author: { name: 'E', email: 'e@e.example', link: 'empty' as const } },
        { author: null },
      ],
    });
    const logins = async () =>
      (await github.get('/repos/acme/mails/commits')).body.map(
        (commit: { author: { login?: string } | null }) => commit.author && (commit.author.login ?? '{}'),
      );
    expect(await logins()).toEqual([null, '{}', 'linus', 'linus', null, 'linus']);
    control.addEmail({ login: 'linus', email: 'linus@two.example' });
    control.renameAccount({ login: 'linus', to: 'torvald' });
    expect(await logins()).toEqual([null, '{}', 'torvald', null, 'torvald', 'torvald']);
    const { body } = await github.get('/repos/acme/mails/contributors?anon=1');
    expect(body[0]).toMatchObject({ id, contributions: 3 });
  });

  it("keeps a pull request's head when the fork is deleted", async () => {
    const { control } = github.sandbox;
    control.createAccount({ login: 'forker' });
    const fork = control.forkRepository({ repo: 'acme/app', to: 'forker' });
    control.push({ repo: fork.id, branch: 'idea' });
    const { number, pull } = control.openPull({
      repo: 'acme/app',
      head: 'idea',
      from: fork.id,
      by: 'forker',
    });
    control.deleteRepository({ repo: fork.id });
    const { body } = await github.get(`/repos/acme/app/pulls/${number}`);
    expect(body.head).toMatchObject({ ref: 'idea', sha: pull?.headSha, repo: null });
  });
});
