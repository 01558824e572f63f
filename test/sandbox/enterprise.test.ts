import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

beforeAll(async () => {
  github = await startHarness({ enterprise: true });
});

afterAll(() => github.close());

describe('an Enterprise Server', () => {
  it('serves REST below /api/v3, GraphQL at /api/graphql, and nothing at the root', async () => {
    const { address, url } = github.sandbox;
    expect(url).toBe(`${address}/api/v3`);
    expect((await github.get('/repos/acme/app')).body.url).toBe(`${url}/repos/acme/app`);
    const headers = { authorization: `token ${await github.token()}`, 'user-agent': 'test' };
    const ask = (path: string) =>
      fetch(address + path, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query: '{ viewer { login } }' }),
      });
    expect(await (await ask('/api/graphql')).json()).toHaveProperty('data.viewer.login');
    expect((await ask('/graphql')).status).toBe(404);
    expect((await fetch(`${address}/repos/acme/app`, { headers })).status).toBe(404);
    expect((await fetch(`${address}/_sandbox/world`)).status).toBe(200);
  });

  it('writes its own name into Link and Location behind a proxy', async () => {
    const { control } = github.sandbox;
    const api = 'http://github.acme.internal/api/v3';
    control.nameServer({ api });
    control.renameRepository({ repo: 'acme/app', name: 'application' });
    const { status, headers } = await github.get('/repos/acme/app');
    expect([status, headers.get('location')]).toEqual([301, `${api}/repositories/${github.app.id}`]);
    const page = await github.get('/repos/acme/application/commits?per_page=1');
    expect(page.headers.get('link')).toContain(`<${api}/repositories/${github.app.id}/commits?`);
    control.nameServer({ api: null });
    expect((await github.get('/repos/acme/application')).body.url).toContain(github.sandbox.url);
  });
});
