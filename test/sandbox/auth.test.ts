import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

beforeAll(async () => {
  github = await startHarness();
});

afterAll(() => github.close());

async function withJwt(claims: Record<string, unknown>): Promise<[status: number, message: string]> {
  const answer = await github.get('/app', { authorization: `Bearer ${await github.jwt(claims)}` });
  return [answer.status, answer.body.message ?? ''];
}

const now = () => Math.floor(Date.now() / 1000);

describe('App JWTs', () => {
  it('are accepted by app id and by client id', async () => {
    expect((await withJwt({}))[0]).toBe(200);
    expect((await withJwt({ iss: github.sandbox.world.state.app.clientId }))[0]).toBe(200);
  });

  it('are rejected with the message from which clients correct their clocks', async () => {
    expect(await withJwt({ exp: now() + 700 })).toEqual([
      401,
      "'Expiration time' claim ('exp') is too far in the future",
    ]);
    expect(await withJwt({ exp: now() - 5 })).toEqual([
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    ]);
    expect(await withJwt({ iat: now() + 120 })).toEqual([
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    ]);
  });

  it('are rejected if they belong to another App or have an invalid signature', async () => {
    expect(await withJwt({ iss: '1' })).toEqual([404, 'Integration not found']);
    const jwt = await github.jwt();
    const forged = `${jwt.slice(0, -8)}AAAAAAAA`;
    const answer = await github.get('/app', { authorization: `Bearer ${forged}` });
    expect([answer.status, answer.body.message]).toEqual([401, 'A JSON web token could not be decoded']);
  });

  it('are accepted from every private key of the App until that is deleted', async () => {
    const own = await startHarness();
    const { control, world } = own.sandbox;
    const token = await own.token();
    const statusOf = async (key: string) => {
      const claims = { iat: now() - 60, exp: now() + 500, iss: String(world.state.app.id) };
      const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(createPrivateKey(key));
      return (await own.get('/app', { authorization: `Bearer ${await jwt}` })).status;
    };
    const old = own.sandbox.privateKey;
    const { pem } = control.createPrivateKey({});
    expect([await statusOf(old), await statusOf(pem)]).toEqual([200, 200]);
    control.deleteOlderPrivateKeys({});
    expect([await statusOf(old), await statusOf(pem)]).toEqual([401, 200]);
    const repositories = await own.get('/installation/repositories', { authorization: `token ${token}` });
    expect(repositories.status).toBe(200);
    await own.close();
  });

  it("are answered with this server's time in the Date header", async () => {
    github.sandbox.control.clock({ skewMs: 3_600_000 });
    const answer = await github.asApp('/app');
    github.sandbox.control.clock({ skewMs: 0 });
    expect(answer.status).toBe(401);
    expect(Date.parse(answer.headers.get('date') ?? '') - Date.now()).toBeGreaterThan(3_500_000);
  });
});

const list = async (token: string, scheme = 'token') =>
  (await github.get('/installation/repositories', { authorization: `${scheme} ${token}` })).status;

async function mint(headers: Record<string, string>): Promise<string> {
  const url = `/app/installations/${github.installation.id}/access_tokens`;
  const answer = await github.asApp(url, 'POST', undefined, headers);
  return String(answer.body.token);
}

describe('installation tokens', () => {
  it('work under both schemes, for an hour', async () => {
    const token = await github.token();
    expect([await list(token), await list(token, 'Bearer')]).toEqual([200, 200]);
    github.sandbox.control.clock({ skewMs: 3_601_000 });
    expect(await list(token)).toBe(401);
    github.sandbox.control.clock({ skewMs: 0 });
  });

  it('have the new format of about 520 characters, or the old one on request', async () => {
    expect(await mint({})).toMatch(/^ghs_424242_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await mint({})).length).toBeGreaterThan(500);
    expect(await mint({ 'x-github-stateless-s2s-token': 'disabled' })).toMatch(/^ghs_\w{36}$/);
  });

  it("are rejected by the App's endpoints, as a JWT is by the installation's", async () => {
    const token = await github.token();
    expect((await github.get('/app', { authorization: `token ${token}` })).status).toBe(401);
    expect((await github.asApp('/installation/repositories')).status).toBe(403);
  });

  it('are rejected after revocation, and in their first seconds if configured so', async () => {
    const { control } = github.sandbox;
    const token = await github.token();
    control.faultSettings({ freshTokenSeconds: 5 });
    expect(await list(token)).toBe(401);
    control.faultSettings({ freshTokenSeconds: 0 });
    expect(await list(token)).toBe(200);
    control.revokeTokens({ id: github.installation.id });
    expect(await list(token)).toBe(401);
  });

  it('cannot be created or used while suspended (403) and after uninstalling (404, 401)', async () => {
    const { control } = github.sandbox;
    control.createAccount({ login: 'zeta', type: 'Organization' });
    const { id } = control.install({ account: 'zeta' });
    const token = await github.token(id);
    control.suspend({ id });
    const refused = await github.asApp(`/app/installations/${id}/access_tokens`, 'POST');
    expect([refused.status, refused.body]).toEqual([
      403,
      {
        message: 'This installation has been suspended',
        documentation_url:
          'https://docs.github.com/rest/reference/apps#create-an-installation-access-token-for-an-app',
        status: '403',
      },
    ]);
    expect(await list(token)).toBe(403);
    control.unsuspend({ id });
    expect(await list(token)).toBe(200);
    control.uninstall({ id });
    expect(await list(token)).toBe(401);
    expect((await github.asApp(`/app/installations/${id}/access_tokens`, 'POST')).status).toBe(404);
  });

  it('read private repositories only if selected, and any public ones', async () => {
    const { control } = github.sandbox;
    control.createRepository({ owner: 'acme', name: 'secret', private: true });
    control.createAccount({ login: 'foreign', type: 'Organization' });
    control.createRepository({ owner: 'foreign', name: 'hidden', private: true });
    control.createRepository({ owner: 'foreign', name: 'open' });
    const status = async (path: string) =>
      (await github.get(path, { authorization: `token ${token}` })).status;
    const token = await github.token();
    expect(await status('/repos/acme/secret')).toBe(200);
    expect(await status('/repos/foreign/hidden')).toBe(404);
    expect(await status('/repos/foreign/open')).toBe(200);
    control.changeSelection({ id: github.installation.id, repositories: ['acme/app'] });
    expect(await status('/repos/acme/secret')).toBe(404);
    expect((await github.asApp('/repos/acme/secret/installation')).status).toBe(404);
    control.changeSelection({ id: github.installation.id, repositories: 'all' });
  });

  it('have only the permissions that the installation granted', async () => {
    const { control } = github.sandbox;
    const { id, permissions } = github.installation;
    control.changePermissions({ id, permissions: { metadata: 'read', contents: 'read' } });
    const token = await github.token();
    const answer = await github.get('/repos/acme/app/pulls', { authorization: `token ${token}` });
    control.changePermissions({ id, permissions });
    expect([answer.status, answer.body.message]).toEqual([403, 'Resource not accessible by integration']);
    expect(answer.headers.get('x-accepted-github-permissions')).toBe('pull_requests=read');
    const pulls = async (as: string) =>
      (await github.get('/repos/acme/app/pulls', { authorization: `token ${as}` })).status;
    // A token keeps what it was minted with: the one from before the grant may no more than before, a new one may.
    expect([await pulls(token), await pulls(await github.token())]).toEqual([403, 200]);
  });
});
