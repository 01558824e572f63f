import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { install } from '../../sandbox/resources/installations/installation.ts';

const TOKEN = 'ghs_test';
let sandbox: Sandbox;
let installationId: number;

beforeAll(async () => {
  sandbox = await createSandbox({
    populate: (world) => {
      const org = createAccount(world, { login: 'acme', type: 'Organization' });
      const { id, permissions } = install(world, org, 'all', org);
      const now = Date.now();
      installationId = id;
      world.state.tokens.set(TOKEN, {
        token: TOKEN,
        installationId,
        createdAt: now,
        expiresAt: now + 3_600_000,
        permissions,
        repositoryIds: null,
      });
    },
  });
});

afterAll(() => sandbox.close());

function post(body: unknown, token: string | null = TOKEN): Promise<Response> {
  return fetch(`${sandbox.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `bearer ${token}` }) },
    body: JSON.stringify(body),
  });
}

describe('POST /graphql', () => {
  it('answers an installation and counts its points against their own limit', async () => {
    const query = '{ rateLimit { cost remaining } viewer { login } }';
    const response = await post({ query });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      data: { rateLimit: { cost: 1, remaining: 4999 }, viewer: { login: 'sandbox-mirror[bot]' } },
    });
    expect(response.headers.get('x-ratelimit-resource')).toBe('graphql');
    expect(response.headers.get('x-ratelimit-remaining')).toBe('4999');
  });

  it('rejects an unauthenticated request with 401, and a body without a query with 400', async () => {
    expect((await post({ query: '{ viewer { login } }' }, null)).status).toBe(401);
    expect((await post({ query: '{ viewer { login } }' }, 'ghs_other')).status).toBe(401);
    expect((await post({})).status).toBe(400);
  });
});
