import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

const repo = 'acme/app';
const issues = '/repos/acme/app/issues';

beforeAll(async () => {
  github = await startHarness();
  for (let at = 0; at < 6; at += 1) github.sandbox.control.openIssue({ repo });
  await github.get('/meta');
});

afterEach(() => github.sandbox.control.clearFaults({}));

afterAll(() => github.close());

async function graphql(selection: string): Promise<ReturnType<typeof JSON.parse>> {
  const answer = await fetch(`${github.sandbox.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `token ${await github.token()}` },
    body: JSON.stringify({ query: `{ repository(owner: "acme", name: "app") { ${selection} } }` }),
  });
  return answer.json();
}

describe('transient refusals', () => {
  it('return the configured message for the configured time', async () => {
    const message = 'Maximum number of login attempts exceeded. Please try again later.';
    github.sandbox.control.addFault({ action: { kind: 'status', status: 403, message }, seconds: 2 });
    const refused = await github.get(issues);
    expect([refused.status, refused.body.message]).toEqual([403, message]);
    await new Promise((resolve) => setTimeout(resolve, 2050));
    expect((await github.get(issues)).status).toBe(200);
    expect(await (await fetch(`${github.sandbox.url}/_sandbox/faults`)).json()).toMatchObject({ rules: [] });
  });

  it("show the anonymous rate limit with a 401, and the installation's with the next answer", async () => {
    github.sandbox.control.addFault({ action: { kind: 'bad-credentials' }, times: 1 });
    const told = async () => {
      const { status, headers } = await github.get(issues);
      return [status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining') === '0'];
    };
    expect(await told()).toEqual([401, '60', true]);
    expect(await told()).toEqual([200, '5000', false]);
  });
});

describe('odd elements', () => {
  it('have null instead of text, or lack the field, and leave their neighbours unchanged', async () => {
    github.sandbox.control.addFault({
      action: {
        kind: 'odd-element',
        where: { number: 2 },
        set: { title: null, 'user.login': null },
        omit: ['id'],
      },
    });
    const { body } = await github.get(`${issues}?direction=asc`);
    expect(body[1]).toMatchObject({ number: 2, title: null, user: { login: null } });
    expect(body[1]).not.toHaveProperty('id');
    expect(body[2]).toMatchObject({ number: 3, title: 'Problem 3', id: expect.any(Number) });
    expect((await github.get(`${issues}/2`)).body.title).toBeNull();
  });

  it("occur beside a total_count and among GraphQL's nodes", async () => {
    const { control } = github.sandbox;
    control.addFault({ action: { kind: 'odd-element', where: { name: 'app' }, set: { full_name: null } } });
    const { body } = await github.get('/installation/repositories');
    expect(body).toMatchObject({ total_count: 1, repositories: [{ name: 'app', full_name: null }] });
    control.addFault({
      action: { kind: 'odd-element', where: { number: 3 }, set: { title: null } },
      match: '/graphql',
    });
    const { data } = await graphql('issues(first: 3) { nodes { number title } }');
    expect(data.repository.issues.nodes.map(({ title }: { title: string }) => title)).toEqual([
      'Problem 1',
      'Problem 2',
      null,
    ]);
  });

  it('make every page that contains them a 500 at every size, and fail by themselves too', async () => {
    github.sandbox.control.addFault({
      action: { kind: 'broken-element', where: { number: 4 } },
      match: '/issues',
    });
    const status = async (path: string) => (await github.get(issues + path)).status;
    expect(await status('?per_page=100&direction=asc')).toBe(500);
    expect(await status('?per_page=1&page=4&direction=asc')).toBe(500);
    expect(await status('?per_page=1&page=5&direction=asc')).toBe(200);
    expect([await status('/4'), await status('/5')]).toEqual([500, 200]);
  });

  it('are null with an error in GraphQL', async () => {
    github.sandbox.control.addFault({ action: { kind: 'broken-element', where: { number: 4 } } });
    const { data, errors } = await graphql('issues(first: 5) { nodes { number } }');
    expect(data.repository.issues.nodes[3]).toBeNull();
    expect(errors).toMatchObject([{ path: ['repository', 'issues', 'nodes', 3] }]);
  });
});

describe('a list that is empty once', () => {
  it('has no items, no further page and no count, and is complete the next time', async () => {
    const { control } = github.sandbox;
    control.addFault({ action: { kind: 'empty' }, match: '/issues', times: 1 });
    const first = await github.get(`${issues}?per_page=2`);
    expect([first.status, first.body, first.headers.get('link')]).toEqual([200, [], null]);
    expect((await github.get(`${issues}?per_page=2`)).body).toHaveLength(2);
    control.addFault({ action: { kind: 'empty' }, match: '/graphql', times: 1 });
    const lists = 'issues(first: 1) { totalCount nodes { number } pageInfo { hasNextPage } }';
    const none = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false } };
    expect((await graphql(lists)).data.repository.issues).toEqual(none);
  });
});

describe('the number of comments', () => {
  it('lags, and a deletion changes no timestamp', async () => {
    const { control } = github.sandbox;
    const count = async () => {
      const { body } = await github.get(`${issues}/1`);
      const { data } = await graphql('issue(number: 1) { comments { totalCount } }');
      return [body.comments, data.repository.issue.comments.totalCount];
    };
    control.comment({ repo, number: 1 });
    expect(await count()).toEqual([1, 1]);
    const before = (await github.get(`${issues}/1`)).body.updated_at;
    control.faultSettings({ commentLagSeconds: 2 });
    await new Promise((resolve) => setTimeout(resolve, 2050));
    control.deleteComment({ repo, number: 1 });
    expect(await count()).toEqual([1, 1]);
    await new Promise((resolve) => setTimeout(resolve, 2050));
    expect(await count()).toEqual([0, 0]);
    expect((await github.get(`${issues}/1`)).body.updated_at).toBe(before);
  });
});

describe('counts', () => {
  it('permanently differ from the lists if configured so', async () => {
    const { control } = github.sandbox;
    const lists = `issues { totalCount } open: issues(states: OPEN) { totalCount }
      closed: issues(states: CLOSED) { totalCount } pullRequests { totalCount }`;
    const counts = async () => {
      const { repository } = (await graphql(lists)).data;
      return [repository.issues, repository.open, repository.closed, repository.pullRequests].map(
        (one: { totalCount: number }) => one.totalCount,
      );
    };
    control.miscount({ repo, issues: 1, pullRequests: 2 });
    expect(await counts()).toEqual([7, 7, 0, 2]);
    expect((await github.get(issues)).body).toHaveLength(6);
    control.miscount({ repo });
    expect(await counts()).toEqual([6, 6, 0, 0]);
    control.miscountRepositories({ id: github.installation.id, by: 1 });
    const { body } = await github.get('/installation/repositories');
    expect([body.total_count, body.repositories.length]).toEqual([2, 1]);
    control.miscountRepositories({ id: github.installation.id, by: 0 });
  });
});

describe('ids and accounts', () => {
  it('are null in GraphQL above 2^31, while node ids still resolve', async () => {
    const { control } = github.sandbox;
    const id = 5_000_000_000;
    control.createRepository({ owner: 'acme', name: 'late', id });
    control.openIssue({ repo: id });
    const found = await github.get('/repos/acme/late/issues/1');
    const answer = await fetch(`${github.sandbox.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `token ${await github.token()}` },
      body: JSON.stringify({
        query: 'query($id: ID!) { node(id: $id) { ... on Issue { repository { databaseId name } } } }',
        variables: { id: found.body.node_id },
      }),
    });
    expect(await answer.json()).toEqual({
      data: { node: { repository: { databaseId: null, name: 'late' } } },
    });
    expect((await github.get(`/repositories/${id}`)).body.id).toBe(id);
  });

  it('allow an installation whose account is null or an Enterprise', async () => {
    const { control } = github.sandbox;
    const { id } = github.installation;
    const account = async () => (await github.asApp(`/app/installations/${id}`)).body.account;
    control.showInstallationAccount({ id, as: 'null' });
    expect(await account()).toBeNull();
    control.showInstallationAccount({ id, as: 'enterprise' });
    const enterprise = await account();
    expect([enterprise.slug, 'login' in enterprise]).toEqual(['acme', false]);
    control.showInstallationAccount({ id, as: 'account' });
    expect((await account()).login).toBe('acme');
  });
});

describe('commits', () => {
  it('keep any date, offset and address that Git accepts', async () => {
    const { control } = github.sandbox;
    const name = control.createRepository({ owner: 'acme', name: 'time-machine' }).name;
    const email = `${'x'.repeat(6000)}@example.com`;
    const dates = [
      '0000-01-01T00:00:00Z',
      '10000-01-01T00:00:00Z',
      '292278994-08-17T07:12:54Z',
      '-0044-03-15T00:00:00Z',
    ];
    await github.arrived();
    control.push({
      repo: `acme/${name}`,
      commits: dates.map((date) => ({ author: { name: 'X', email, date, offset: -13_068_837 } })),
    });
    const { body } = await github.get('/repos/acme/time-machine/commits');
    type Listed = { commit: { author: { email: string; date: string } } };
    expect(new Set(body.map(({ commit }: Listed) => commit.author.date))).toEqual(new Set(dates));
    expect(body.every(({ commit }: Listed) => commit.author.email === email)).toBe(true);
    const delivery = (await github.arrived()).find(({ event }) => event === 'push');
    expect(delivery?.payload.commits[0].timestamp).toMatch(/^-\d{4}-\d\d-\d\dT\d\d:\d\d:00-217813:57$/);
  });
});
