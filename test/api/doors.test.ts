import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { startTestApi, type TestApi } from './support.ts';

const TOKEN = 'a token of some length';
const guarded = ['/api/sync/jobs/', '/api/sync/health', '/docs/json', '/docs/', '/no/such/path'];

async function statusOf(api: TestApi, url: string, headers: InjectOptions['headers'] = {}): Promise<number> {
  return (await api.app.inject({ url, headers })).statusCode;
}

describe('without a token', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  it.each([
    {},
    { host: 'localhost:8000' },
    { host: '127.0.0.1:8000', origin: 'http://127.0.0.1:8000' },
    { host: '[::1]:8000' },
    { host: 'localhost:8000', origin: 'http://127.0.0.1:8000' },
  ])('answers a direct request of this machine: %j', async (headers) => {
    expect(await statusOf(api, '/api/sync/jobs/', headers)).toBe(200);
    expect(await statusOf(api, '/', headers)).toBe(200);
    expect(await statusOf(api, '/metrics', headers)).toBe(200);
  });

  it.each([
    { 'x-forwarded-for': '1.2.3.4' },
    { 'X-Forwarded-Anything': '' },
    { forwarded: 'for=1.2.3.4' },
    { host: 'example.ngrok.app' },
    { host: '127.0.0.1.example.com' },
    { host: 'localhost:8000', origin: 'https://example.com' },
    { host: 'localhost:8000', origin: 'http://localhost:3000' },
    { host: 'localhost:8000', origin: 'null' },
  ])('refuses a tunnel, a proxy and another site’s page: %j', async (headers) => {
    for (const url of ['/', '/metrics', ...guarded]) {
      const answer = await api.app.inject({ url, headers });
      expect({ url, status: answer.statusCode }).toEqual({ url, status: 401 });
      expect(answer.json()).toMatchObject({ code: 'UNAUTHORIZED' });
    }
    expect(await statusOf(api, '/livez', headers)).toBe(200);
    expect(await statusOf(api, '/readyz/', headers)).toBe(200);
    const webhook = await api.app.inject({ method: 'POST', url: '/api/github/webhook/', headers });
    expect(webhook.json()).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
});

describe('with a token', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ settings: { token: TOKEN } });
  });
  afterAll(() => api.close());

  it('guards everything but the open doors, from this machine too', async () => {
    for (const url of guarded) expect(await statusOf(api, url)).toBe(401);
    for (const url of ['/', '/livez', '/readyz', '/metrics']) expect(await statusOf(api, url)).toBe(200);
  });

  it('lets the bearer in, also through a proxy', async () => {
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      host: 'sync.example.com',
      'x-forwarded-for': '1.2.3.4',
    };
    expect(await statusOf(api, '/api/sync/jobs/', headers)).toBe(200);
    expect(await statusOf(api, '/no/such/path', headers)).toBe(404);
  });

  it.each(['Bearer', 'Bearer ', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`, TOKEN])(
    'refuses "%s"',
    async (authorization) => {
      expect(await statusOf(api, '/api/sync/jobs/', { authorization })).toBe(401);
    },
  );

  it('shows metrics without it to this machine only', async () => {
    expect(await statusOf(api, '/metrics', { 'x-forwarded-for': '1.2.3.4' })).toBe(401);
    expect(await statusOf(api, '/metrics', { host: 'sync.example.com' })).toBe(401);
  });

  it('keeps it in a cookie that scripts and other sites do not get', async () => {
    expect((await login('wrong')).statusCode).toBe(401);
    const answer = await login(TOKEN);
    expect(answer.statusCode).toBe(204);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/);
    const session = { cookie: `other=1; ${cookie.split(';')[0]}` };
    expect(await statusOf(api, '/api/sync/jobs/', session)).toBe(200);
    const change = (headers: Record<string, string>) =>
      api.app.inject({ method: 'POST', url: '/api/sync/repository/1/', headers: { ...session, ...headers } });
    expect((await change({ origin: 'https://example.com' })).statusCode).toBe(401);
    expect((await change({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(401);
    expect((await change({ host: 'localhost:8000', origin: 'http://localhost:8000' })).statusCode).toBe(404);
    expect((await change({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(404);
    const out = await api.app.inject({ method: 'DELETE', url: '/api/login/', headers: session });
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
  });

  function login(token: string) {
    return api.app.inject({ method: 'POST', url: '/api/login/', payload: { token } });
  }
});
