import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

beforeAll(async () => {
  github = await startHarness();
  await github.get('/meta');
});

afterEach(() => github.sandbox.control.clearFaults({}));

afterAll(() => github.close());

const path = '/repos/acme/app/commits';

/** Asks GraphQL something of the repository. */
async function graphql(selection: string): Promise<Response> {
  return fetch(`${github.sandbox.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `token ${await github.token()}` },
    body: JSON.stringify({ query: `{ repository(owner: "acme", name: "app") { id ${selection} } }` }),
  });
}

/** The status of a page of issues of that size. */
async function page(first: number): Promise<number> {
  return (await graphql(`issues(first: ${first}) { nodes { id } }`)).status;
}

describe('faults', () => {
  it('answer a given number of matching requests with a status', async () => {
    github.sandbox.control.addFault({ action: { kind: 'status', status: 502 }, match: '/commits', times: 2 });
    expect((await github.get('/repos/acme/app')).status).toBe(200);
    const statuses = [];
    for (let at = 0; at < 3; at += 1) statuses.push((await github.get(path)).status);
    expect(statuses).toEqual([502, 502, 200]);
  });

  it('simulate a secondary limit, with and without Retry-After', async () => {
    const { control } = github.sandbox;
    control.addFault({ action: { kind: 'secondary', retryAfter: 7 }, times: 1 });
    control.addFault({ action: { kind: 'secondary', status: 429 }, times: 1 });
    const first = await github.get(path);
    expect([first.status, first.headers.get('retry-after')]).toEqual([403, '7']);
  });

  it.each([{ kind: 'reset' as const }, { kind: 'truncate' as const }])(
    'break the connection: %j',
    async (action) => {
      github.sandbox.control.addFault({ action, times: 1 });
      await expect(github.get(path)).rejects.toThrow(/fetch failed|terminated|other side closed/);
      expect((await github.get(path)).status).toBe(200);
    },
  );

  it('corrupt an answer', async () => {
    github.sandbox.control.addFault({ action: { kind: 'garble' }, times: 1 });
    await expect(github.get(path)).rejects.toThrow(SyntaxError);
  });

  it('hang until the client gives up', async () => {
    github.sandbox.control.addFault({ action: { kind: 'hang' }, times: 1 });
    const asked = fetch(github.sandbox.url + path, { signal: AbortSignal.timeout(200) });
    await expect(asked).rejects.toThrow(/timeout/);
  });

  it('reject pages above a size', async () => {
    github.sandbox.control.addFault({ action: { kind: 'page-too-large', above: 50 } });
    expect((await github.get(`${path}?per_page=100`)).status).toBe(502);
    expect((await github.get(`${path}?per_page=50`)).status).toBe(200);
    expect([await page(100), await page(50)]).toEqual([502, 200]);
  });

  it('break GraphQL inside a 200, or if it counts too much', async () => {
    const { control } = github.sandbox;
    control.addFault({ action: { kind: 'graphql-error' }, match: '/graphql', times: 1 });
    expect(await (await graphql('')).json()).toMatchObject({ data: null, errors: [{}] });
    control.addFault({ action: { kind: 'resource-limits' }, match: '/graphql', times: 1 });
    const answer = await (await graphql('issues(first: 1) { nodes { id } }')).json();
    expect(answer).toMatchObject({ errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED' }] });
    control.addFault({ action: { kind: 'too-many-counts', above: 1 } });
    const both = 'issues { totalCount } pullRequests { totalCount }';
    expect([(await graphql(both)).status, (await graphql('issues { totalCount }')).status]).toEqual([
      502, 200,
    ]);
  });

  it('omit rate limit headers if the edge answers, and send them if GitHub itself does', async () => {
    const { control } = github.sandbox;
    control.addFault({ action: { kind: 'status', status: 504 }, times: 1 });
    expect((await github.get(path)).headers.get('x-ratelimit-limit')).toBeNull();
    control.addFault({ action: { kind: 'secondary' }, times: 1 });
    expect((await github.get(path)).headers.get('x-ratelimit-limit')).toBe('5000');
  });

  it('show the state of a few seconds ago', async () => {
    const { control } = github.sandbox;
    control.faultSettings({ staleSeconds: 2 });
    const { number } = control.openIssue({ repo: 'acme/app' });
    expect((await github.get(`/repos/acme/app/issues/${number}`)).status).toBe(404);
    await new Promise((resolve) => setTimeout(resolve, 2300));
    expect((await github.get(`/repos/acme/app/issues/${number}`)).status).toBe(200);
  });
});

const post = (action: string, body: unknown) =>
  fetch(`${github.sandbox.url}/_sandbox/${action}`, { method: 'POST', body: JSON.stringify(body) });

describe('the control API over HTTP', () => {
  it('lists every action with a line to copy', async () => {
    const text = await (await fetch(`${github.sandbox.url}/_sandbox/`)).text();
    expect(text).toContain(`curl -X POST ${github.sandbox.url}/_sandbox/open-issue -d '{"repo":`);
    expect(text.match(/^curl /gm)?.length).toBeGreaterThan(50);
  });

  it('returns what it created, and 4xx for invalid input', async () => {
    const made = await post('open-issue', { repo: 'acme/app', title: 'by hand' });
    expect(await made.json()).toMatchObject({ title: 'by hand', state: 'open' });
    expect((await post('open-issue', { repo: 'acme/none' })).status).toBe(404);
    expect((await post('open-issue', {})).status).toBe(400);
    expect((await post('push', { repo: 'acme/app', commits: 2 })).status).toBe(200);
  });

  it('shows the current world', async () => {
    const world = await (await fetch(`${github.sandbox.url}/_sandbox/world`)).json();
    const { id } = github.installation;
    expect(world).toMatchObject({
      installations: [{ id, account: 'acme', selection: 'all', repositories: 1, suspended: false }],
      repositories: [{ id: github.app.id, full_name: 'acme/app' }],
    });
  });

  it('counts requests', async () => {
    await post('reset-stats', {});
    await github.get(path);
    const stats = await (await fetch(`${github.sandbox.url}/_sandbox/stats`)).json();
    expect(stats).toMatchObject({ requests: 1, byRoute: { 'GET /repos/:owner/:repo/commits': 1 } });
    const requests = await (await fetch(`${github.sandbox.url}/_sandbox/requests`)).json();
    expect(requests).toMatchObject([{ path, status: 200, installationId: github.installation.id }]);
  });
});
