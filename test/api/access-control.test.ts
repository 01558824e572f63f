import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { startTestApi, type TestApi } from './support.ts';

const TOKEN = 'a token of some length';
const guarded = ['/metrics', '/api/sync/jobs/', '/api/sync/health', '/docs/json', '/docs/', '/no/such/path'];

async function statusOf(api: TestApi, url: string, headers: InjectOptions['headers'] = {}): Promise<number> {
  return (await api.app.inject({ url, headers })).statusCode;
}

/** What a proxy says of a client that invents an address before its own. */
function from(last: string) {
  return { 'x-forwarded-for': `9.9.9.9, ${last}` };
}

/** The status line that exactly these bytes are answered with. */
async function statusOfText(api: TestApi, request: string): Promise<string> {
  if (!api.app.server.listening) await api.app.listen({ port: 0, host: '127.0.0.1' });
  const [address] = api.app.addresses();
  const socket = connect(typeof address === 'object' ? address.port : 0, '127.0.0.1');
  socket.write(request);
  const [chunk] = await once(socket, 'data');
  socket.destroy();
  return String(chunk).split('\r\n')[0] ?? '';
}

/** How many of so many requests, sent at once on one connection, are answered before it ends. */
async function answeredOf(api: TestApi, count: number): Promise<number> {
  if (!api.app.server.listening) await api.app.listen({ port: 0, host: '127.0.0.1' });
  const [address] = api.app.addresses();
  const socket = connect(typeof address === 'object' ? address.port : 0, '127.0.0.1').on(
    'error',
    () => undefined,
  );
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  const request = 'GET /livez HTTP/1.1\r\nhost: localhost\r\n';
  socket.write(`${`${request}\r\n`.repeat(count - 1)}${request}connection: close\r\n\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  return text.match(/HTTP\/1\.1 200/g)?.length ?? 0;
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
    { host: '[0:0:0:0:0:0:0:1]:8000', 'sec-fetch-site': 'same-origin' },
    { host: '[::ffff:127.0.0.1]' },
    {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      referer: 'https://github.com/acme',
    },
    { host: '127.0.0.1:8000', 'sec-fetch-site': 'same-origin', referer: 'http://localhost:5173/jobs' },
  ])('answers a direct request from this machine: %j', async (headers) => {
    expect(await statusOf(api, '/api/sync/jobs/', headers)).toBe(200);
    expect(await statusOf(api, '/', headers)).toBe(200);
    expect(await statusOf(api, '/metrics', headers)).toBe(200);
  });

  it('answers several concurrent requests, and disconnects a client that sends thousands', async () => {
    expect(await answeredOf(api, 16)).toBe(16);
    expect(await answeredOf(api, 5000)).toBeLessThanOrEqual(16);
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
    { host: 'evil.example@localhost:8000' },
    { host: '[2001:db8::1]:8000' },
    { via: '1.1 proxy' },
    { 'x-nginx-proxy': 'true' },
    { host: '127.0.0.1:8000', 'sec-fetch-site': 'same-origin', referer: 'https://sync.example.com/jobs' },
    { host: '127.0.0.1:8000', referer: 'http://sync.example.com/' },
    { host: '127.0.0.1:8000', referer: 'http://127.0.0.1.example.com/' },
    { host: '127.0.0.1:8000', referer: 'about:client' },
    { 'x-real-ip': '1.2.3.4' },
    { x_forwarded_for: '1.2.3.4' },
    { 'cf-connecting-ip': '1.2.3.4' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ])("rejects a tunnel, a proxy and another site's page: %j", async (headers) => {
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

  // What a proxy sends that says nothing of itself, nginx by default first.
  it.each([
    ['HTTP/1.0', 'GET /api/sync/jobs/ HTTP/1.0\r\nHost: 127.0.0.1:8000\r\nConnection: close\r\n\r\n'],
    ['no Host', 'GET /api/sync/jobs/ HTTP/1.0\r\n\r\n'],
    [
      'a target with a host',
      'GET http://sync.example.com/api/sync/jobs/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ],
    ['two hosts', 'GET /api/sync/jobs/ HTTP/1.1\r\nHost: localhost\r\nHost: sync.example.com\r\n\r\n'],
    [
      'an upgrade',
      'GET /api/sync/jobs/ HTTP/1.1\r\nHost: sync.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
  ])('refuses %s', async (_what, request) => {
    expect(await statusOfText(api, request)).toMatch(/^HTTP\/1\.1 (401|400)/);
  });

  it('answers the same request without any of these', async () => {
    const direct = 'GET /api/sync/jobs/ HTTP/1.1\r\nHost: localhost\r\n\r\n';
    expect(await statusOfText(api, direct)).toMatch(/^HTTP\/1\.1 200/);
  });

  it('queries the database once for all concurrent readiness checks', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const before = api.schemaLooks();
    await Promise.all(Array.from({ length: 50 }, () => statusOf(api, '/readyz')));
    // One, or some where the machine takes longer than a second to answer all of them.
    expect(api.schemaLooks() - before).toBeLessThan(10);
  });
});

describe('with a token', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ settings: { token: TOKEN } });
  });
  afterAll(() => api.close());

  it('guards everything but the open paths, from this machine too', async () => {
    for (const url of guarded) expect(await statusOf(api, url)).toBe(401);
    for (const url of ['/', '/livez', '/readyz']) expect(await statusOf(api, url)).toBe(200);
  });

  it('accepts the bearer token, even through a proxy', async () => {
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

  it('serves metrics only with it', async () => {
    expect(await statusOf(api, '/metrics', { authorization: `Bearer ${TOKEN}` })).toBe(200);
    expect(await statusOf(api, '/metrics', { host: 'localhost:8000' })).toBe(401);
  });

  it('blocks an address that guesses, but not one with a wrong setting', async () => {
    const guess = (token: string, last: string) =>
      statusOf(api, '/api/sync/jobs/', { ...from(last), authorization: `Bearer ${token}` });
    for (let n = 0; n < 20; n += 1) expect(await guess(`guess ${n}`, '1.1.1.1')).toBe(401);
    for (let n = 0; n < 30; n += 1) expect(await guess('an old token', '2.2.2.2')).toBe(401);
    expect(await guess(TOKEN, '1.1.1.1')).toBe(429);
    const byLogin = await api.app.inject({
      method: 'POST',
      url: '/api/login/',
      headers: from('1.1.1.1'),
      payload: { token: TOKEN },
    });
    expect(byLogin.json()).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    expect(await guess(TOKEN, '2.2.2.2')).toBe(200);
    expect(await guess(TOKEN, '3.3.3.3')).toBe(200);
  });

  it.each([
    [{}, true],
    [{ origin: 'https://sync.example.com' }, true],
    [{ origin: 'http://10.0.0.5:8000' }, false],
    [{ origin: 'http://sync.example.com', 'x-forwarded-proto': 'https' }, true],
  ])('marks the cookie of a login from %j as Secure: %s', async (headers, secure) => {
    const answer = await api.app.inject({
      method: 'POST',
      url: '/api/login/',
      headers,
      payload: { token: TOKEN },
    });
    expect(String(answer.headers['set-cookie']).endsWith('; Secure')).toBe(secure);
  });

  it('stores it in a cookie that scripts and other sites cannot read', async () => {
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

describe('/setup', () => {
  it('exists while no App is configured, only for this machine, even with a token', async () => {
    const api = await startTestApi({ settings: { token: TOKEN, setupFolder: '/proc' } });
    try {
      expect(await statusOf(api, '/setup')).toBe(200);
      expect(await statusOf(api, '/setup/')).toBe(200);
      expect((await api.app.inject({ method: 'HEAD', url: '/setup' })).statusCode).toBe(200);
      expect(await statusOf(api, '/setup/elsewhere')).toBe(404);
      for (const headers of [
        { 'x-forwarded-for': '1.2.3.4' },
        { host: 'mirror.example.com' },
        { origin: 'https://evil.example' },
        { authorization: `Bearer ${TOKEN}`, forwarded: 'for=1.2.3.4' },
      ])
        expect(await statusOf(api, '/setup', headers)).toBe(401);
      const page = await api.app.inject({ url: '/setup' });
      expect(page.headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
      );
      // Said before an App is made, not after.
      const answer = await api.app.inject({
        method: 'POST',
        url: '/setup/new',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'name=mirror',
      });
      expect([answer.statusCode, answer.body]).toEqual([
        500,
        expect.stringContaining('/proc/.env cannot be written'),
      ]);
    } finally {
      await api.close();
    }
  });

  it('does not exist once one is configured', async () => {
    const api = await startTestApi();
    try {
      expect(await statusOf(api, '/setup')).toBe(404);
    } finally {
      await api.close();
    }
  });
});
