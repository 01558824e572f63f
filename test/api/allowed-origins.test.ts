import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readHealth, syncRepository, type SyncHealth } from '../../docs/examples/sync-api.ts';
import type { Health } from '../../src/api/routes/health-schema.ts';
import { startTestApi, type TestApi } from './support.ts';

const ALLOWED = 'https://team.example.com';
const FOREIGN = 'https://team.example.com.evil.example';
const TOKEN = 'a token of the page';

let api: TestApi;
let closed: TestApi;

beforeAll(async () => {
  api = await startTestApi({
    settings: { token: TOKEN, allowedOrigins: [ALLOWED, 'http://localhost:5173'] },
  });
  closed = await startTestApi({ databaseUrl: api.url, settings: { token: TOKEN } });
});
afterAll(async () => {
  await closed.close();
  await api.close();
});

function preflight(at: TestApi, origin: string, method = 'POST') {
  return at.app.inject({
    method: 'OPTIONS',
    url: '/api/sync/periodic/',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization',
    },
  });
}

function ask(at: TestApi, headers: Record<string, string>) {
  return at.app.inject({ url: '/api/sync/jobs/', headers });
}

const bearer = { authorization: `Bearer ${TOKEN}` };

describe('a page of an allowed origin', () => {
  it('gets its preflight answered without a token', async () => {
    const { statusCode, headers } = await preflight(api, ALLOWED);
    expect(statusCode).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(ALLOWED);
    expect(headers['access-control-allow-methods']).toContain('POST');
    expect(headers['access-control-allow-headers']).toContain('authorization');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers.vary).toMatch(/origin/i);
  });

  it('needs the token, and can read why it was rejected', async () => {
    const refused = await ask(api, { origin: ALLOWED });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['access-control-allow-origin']).toBe(ALLOWED);
    const answered = await ask(api, { origin: ALLOWED, ...bearer });
    expect(answered.statusCode).toBe(200);
    expect(answered.headers['access-control-allow-origin']).toBe(ALLOWED);
    expect(answered.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it("may not act with the dashboard's cookie", async () => {
    const login = await api.app.inject({ method: 'POST', url: '/api/login/', payload: { token: TOKEN } });
    const cookie = String(login.headers['set-cookie']).split(';')[0] ?? '';
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/sync/periodic/',
      headers: { origin: ALLOWED, cookie },
    });
    expect(answer.statusCode).toBe(401);
  });
});

it('lets no browser show its answers to another origin', async () => {
  for (const answer of [
    await preflight(api, FOREIGN),
    await ask(api, { origin: FOREIGN, ...bearer }),
    await preflight(closed, ALLOWED),
    await ask(closed, { origin: ALLOWED, ...bearer }),
  ]) {
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  }
});

it('answers the client of docs/examples', async () => {
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const answered: Health = (await api.app.inject({ url: '/api/sync/health/', headers: bearer })).json();
  // Does not compile where the example reads what the API does not answer.
  const { system, status }: Pick<SyncHealth, 'system' | 'status'> = answered;
  const health = await readHealth({ url, token: TOKEN });
  expect(health).toMatchObject({ system, status });
  expect(health).toMatchObject({ status: 'degraded', system: { total_repositories: 0 } });
  await expect(readHealth({ url, token: 'a wrong token' })).rejects.toThrow(/^UNAUTHORIZED: /);
  await expect(syncRepository({ url, token: TOKEN }, 42)).rejects.toThrow(/^NOT_FOUND: /);
});
