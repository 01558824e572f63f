import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from './support.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

/** Every address that a person asks for work at. */
const addresses = [
  '/api/sync/periodic/',
  '/api/sync/repository/42/',
  '/api/sync/repository/42/verify/',
  '/api/sync/installation/7/',
  '/api/dashboard/verification/',
  '/api/deliveries/72d3162e-cc78-11e3-81ab-4c9367dc0958/',
];

const post = (url: string, payload: string, type: string) =>
  api.app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });

describe.each(addresses)('POST %s', (url) => {
  it.each([
    ['{', 'application/json'],
    ['[]', 'application/json; charset=utf-8'],
    ['"now"', 'application/json'],
    ['{"a":1}{', 'application/vnd.api+json'],
    ['\u0000', 'application/json'],
  ])('answers 400 to %j as %s', async (payload, type) => {
    const answer = await post(url, payload, type);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([400, 'BAD_REQUEST']);
  });

  it('answers 413 to a body of 25 MB', async () => {
    const answer = await post(url, 'x'.repeat(25 * 1024 * 1024), 'application/json');
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
  });
});

it.each([
  ['', 'application/json'],
  ['{}', 'application/json'],
  ['{"any":["thing"]}', 'application/json'],
  ['null', 'application/json'],
  ['{', 'application/x-www-form-urlencoded'],
  ['[', 'text/plain'],
])('ignores %j as %s', async (payload, type) => {
  const answer = await post('/api/sync/repository/99/', payload, type);
  expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'NOT_FOUND']);
});
