import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

it.each([
  ['GET', '/api/sync/health/', 200],
  ['GET', '/api/sync/jobs/?limit=0', 400],
  ['GET', '/api/nothing-here', 404],
  ['POST', '/api/github/webhook/', 401],
] as const)(
  '%s %s: forbids caches to store the answer and browsers to guess its type',
  async (method, url, status) => {
    const answer = await api.app.inject({ method, url });
    expect([
      answer.statusCode,
      answer.headers['cache-control'],
      answer.headers['x-content-type-options'],
    ]).toEqual([status, 'no-store', 'nosniff']);
  },
);

it('lets a route and the pages set their own', async () => {
  const pulse = await api.app.inject({ url: '/api/dashboard/pulse/' });
  const page = await api.app.inject({ url: '/' });
  expect([pulse, page].map(({ headers }) => headers['cache-control'])).toEqual(['no-cache', 'no-cache']);
  expect(page.headers['x-content-type-options']).toBe('nosniff');
});
