import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { workedEvents } from '../../src/deliveries/events.ts';
import { addInstallation, addJob, addRepository } from './rows.ts';
import { SECRET, startTestApi, type TestApi } from './support.ts';

/** `FUZZ_RUNS=10000` for the long run. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 300);

let api: TestApi;
const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', note);
  api = await startTestApi();
  await addInstallation(api.db, 7);
  await addRepository(api.db, 42);
  await addJob(api.db);
});
afterAll(async () => {
  process.off('unhandledRejection', note);
  await api.close();
  expect(rejections).toEqual([]);
});

const event = fc.oneof(
  fc.constantFrom(...workedEvents, 'ping', 'star', '__proto__', 'constructor', ''),
  fc.stringMatching(/^[ -~]{0,40}$/),
);

/** Payloads that are nearly right: the known fields with whatever in them. */
const nearPayload = fc.record(
  {
    ref: fc.anything(),
    action: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
    installation: fc.oneof(
      fc.record({
        id: fc.oneof(fc.double(), fc.maxSafeInteger(), fc.constant(1e300)),
        account: fc.anything(),
      }),
      fc.anything(),
    ),
    repository: fc.oneof(
      fc.record({
        id: fc.oneof(fc.double(), fc.nat()),
        full_name: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
      }),
      fc.anything(),
    ),
    issue: fc.oneof(fc.record({ id: fc.nat() }), fc.anything()),
    pull_request: fc.oneof(fc.record({ id: fc.nat() }), fc.anything()),
    label: fc.anything(),
    organization: fc.anything(),
    ['__proto__']: fc.anything(),
  },
  { requiredKeys: [] },
);

const json = fc.oneof(
  nearPayload.map(toJson),
  fc.json({ stringUnit: 'binary' }),
  fc.string({ unit: 'binary' }),
  // Escapes that PostgreSQL refuses, in any place.
  fc
    .array(fc.constantFrom('\\u0000', '\\ud83d', '\\ude00', '\\\\', '\\"', 'a', '\\u00e9'))
    .map((parts) => `{"ref":"x","repository":{"id":1},"action":"${parts.join('')}"}`),
  fc
    .array(fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '1e999', '\0', '\\u', 'null'))
    .map((parts) => parts.join('')),
);

const body = fc.oneof(
  json.map((text) => Buffer.from(text)),
  json.map((text) => Buffer.from(new URLSearchParams({ payload: text }).toString())),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

function toJson(value: unknown): string {
  try {
    return (
      JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? Number(part) : part)) ??
      'null'
    );
  } catch {
    return 'null';
  }
}

describe('the receiver', () => {
  it('answers every signed body with 2xx or 400, and stores it whole or not at all', async () => {
    const contentType = fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/json; charset=utf-8',
    );
    await fc.assert(
      fc.asyncProperty(event, body, contentType, async (name, bytes, type) => {
        const guid = randomUUID();
        const answer = await api.app.inject({
          method: 'POST',
          url: '/api/github/webhook/',
          headers: {
            'content-type': type,
            'x-github-event': name,
            'x-github-delivery': guid,
            'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(bytes).digest('hex')}`,
          },
          payload: bytes,
        });
        expect([200, 202, 400]).toContain(answer.statusCode);
        const { rows } = await sql<{
          n: number;
        }>`select count(*) as n from webhook_deliveries where guid = ${guid}`.execute(api.db);
        expect(rows[0]?.n).toBe(answer.statusCode === 202 ? 1 : 0);
      }),
      { numRuns },
    );
  });

  it('stores nothing that is not signed', async () => {
    const before = await countDeliveries();
    const header = fc.stringMatching(/^[ -~]{0,80}$/);
    await fc.assert(
      fc.asyncProperty(event, body, header, fc.option(header), async (name, bytes, signature, guid) => {
        const answer = await api.app.inject({
          method: 'POST',
          url: '/api/github/webhook',
          headers: {
            'x-github-event': name,
            'x-hub-signature-256': signature,
            ...(guid !== null && { 'x-github-delivery': guid }),
          },
          payload: bytes,
        });
        expect(answer.statusCode).toBe(401);
      }),
      { numRuns },
    );
    expect(await countDeliveries()).toBe(before);
  });
});

it('answers every query and path without a 5xx', async () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '0',
      '1',
      '-1',
      '1.5',
      '1e3',
      '9'.repeat(30),
      'null',
      'true',
      '2026-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '-271821-04-20T00:00:00Z',
    ),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc
      .tuple(fc.maxSafeInteger(), fc.oneof(fc.uuid(), fc.maxSafeInteger()))
      .map((pair) => Buffer.from(JSON.stringify(pair)).toString('base64url')),
  );
  const name = fc.oneof(
    fc.constantFrom(
      'limit',
      'status',
      'job_type',
      'installation_id',
      'repository_id',
      'since',
      'cursor',
      'wait',
      '__proto__',
    ),
    fc.string(),
  );
  const query = fc
    .array(fc.tuple(name, value), { maxLength: 4 })
    .map((pairs) => pairs.map(([key, text]) => `${encode(key)}=${encode(text)}`).join('&'));
  const id = fc.oneof(fc.constantFrom('42', '7', '%00', '%zz', '..', ''), value.map(encode));
  const path = fc.oneof(
    fc.constantFrom('/api/sync/jobs/', '/api/sync/jobs', '/api/sync/health/', '/metrics', '/readyz'),
    fc
      .tuple(
        fc.constantFrom(
          '/api/sync/jobs/',
          '/api/analytics/repositories/',
          '/api/analytics/installations/',
          '/docs/',
          '/',
        ),
        id,
      )
      .map(([start, end]) => start + end),
  );
  await fc.assert(
    fc.asyncProperty(path, query, async (where, filters) => {
      const answer = await api.app.inject({ url: `${where}?${filters}` });
      expect(answer.statusCode).toBeLessThan(500);
    }),
    { numRuns },
  );
});

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

async function countDeliveries(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from webhook_deliveries`.execute(api.db);
  return rows[0]?.n ?? 0;
}

it.each(['repositories', 'installations', 'deliveries'])('rejects a NUL in requests for %s', async (list) => {
  const cursor = Buffer.from(JSON.stringify(['a\0', 1])).toString('base64url');
  for (const question of ['q=%00', 'event=a%00', `cursor=${cursor}`]) {
    const answer = await api.app.inject(`/api/dashboard/${list}/?${question}`);
    expect([question, answer.statusCode]).toEqual([question, 400]);
  }
});
