import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { MAX_DELIVERY_BYTES } from '../../src/api/receiver/receive-body.ts';
import { deliver, pushPayload, SECRET, startTestApi } from './support.ts';
import { useWebhookApi } from './use-webhook-api.ts';

const { api, rows } = useWebhookApi();

describe('strange content', () => {
  it('keeps numbers beyond 2^53', async () => {
    await deliver(api.app, { body: '{"ref":"x","repository":{"id":1},"big":9007199254740993123}' });
    expect((await rows())[0]?.text).toContain('9007199254740993123');
  });

  it('becomes U+FFFD if PostgreSQL cannot store it', async () => {
    const body = String.raw`{"ref":"x","repository":{"id":1},"action":"a\u0000b","m":"\u0000|\ud83d\ude00|\ud83d|\ude00\ud83d|\\u0000|é"}`;
    expect((await deliver(api.app, { body })).statusCode).toBe(202);
    expect(await rows()).toMatchObject([
      { action: 'a\ufffdb', payload: { m: '\ufffd|\u{1f600}|\ufffd|\ufffd\ufffd|\\u0000|é' } },
    ]);
  });

  it('is verified over its raw bytes, even if they are not UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"ref":"x","repository":{"id":1},"m":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}'),
    ]);
    const answer = await deliver(api.app, {
      body,
      headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` },
    });
    expect(answer.statusCode).toBe(202);
  });

  it.each([
    ['nested deeper than PostgreSQL reads', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a number out of range', '1e999999'],
  ])('is stored as text if it is %s, and affects no other delivery', async (_what, value) => {
    const answers = await Promise.all([
      deliver(api.app, { body: pushPayload() }),
      deliver(api.app, { body: pushPayload() }),
      deliver(api.app, { body: `{"ref":"x","repository":{"id":1},"value":${value}}` }),
      deliver(api.app, { body: pushPayload() }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 202, 202, 202]);
    const stored = await rows();
    expect(stored.map(({ payload }) => typeof payload).toSorted()).toEqual([
      'object',
      'object',
      'object',
      'string',
    ]);
    expect(stored.every(({ status }) => status === 'pending')).toBe(true);
  });
});

/** No index of PostgreSQL's holds it, compressed or not. */
const endless = Array.from({ length: 200 }, () => randomUUID()).join('');

describe('a delivery that is refused', () => {
  it.each([
    ['no signature', { 'x-hub-signature-256': '' }],
    ['another secret', signed(pushPayload(), 'wrong')],
    ['a signature of another body', signed('{}')],
    [
      'half a signature',
      { 'x-hub-signature-256': signed(pushPayload())['x-hub-signature-256'].slice(0, 40) },
    ],
    [
      'SHA-1',
      { 'x-hub-signature-256': `sha1=${createHmac('sha1', SECRET).update(pushPayload()).digest('hex')}` },
    ],
  ])('is answered with 401 for %s', async (_what, headers) => {
    const answer = await deliver(api.app, { body: pushPayload(), headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'SIGNATURE_INVALID', requestId: expect.any(String) });
    expect(await rows()).toEqual([]);
  });

  it.each([
    ['no event name', { event: '', body: pushPayload() }],
    ['an endless event name', { event: endless, body: pushPayload() }],
    ['no UUID', { guid: '12', body: pushPayload() }],
    ['no JSON', { body: '{"ref":' }],
    ['no object', { body: '[1]' }],
    ['null', { body: 'null' }],
    [
      'a form without payload',
      { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['no push.ref', { body: '{"repository":{"id":42}}' }],
    ['no issue.id', { event: 'issues', body: '{"issue":{"id":"1"},"repository":{"id":42}}' }],
    ['no installation.id', { event: 'installation', body: '{"installation":null}' }],
  ])('is answered with 400 for %s', async (_what, delivery) => {
    const answer = await deliver(api.app, delivery);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_REQUEST', message: expect.any(String) });
    expect(await rows()).toEqual([]);
  });

  it('is answered with 413 over 25 MB, and accepted with exactly 25 MB', async () => {
    const frame = pushPayload({ filler: '' });
    const body = (size: number) => pushPayload({ filler: 'x'.repeat(size - frame.length) });
    expect((await deliver(api.app, { body: body(MAX_DELIVERY_BYTES + 1) })).statusCode).toBe(413);
    expect(await rows()).toEqual([]);
    expect((await deliver(api.app, { body: body(MAX_DELIVERY_BYTES) })).statusCode).toBe(202);
  });

  it('is accepted when the database closes its connections, by sending it again', async () => {
    // Several lie in the pool.
    await Promise.all(Array.from({ length: 5 }, () => sql`select pg_sleep(0.05)`.execute(api.db)));
    const other = await startTestApi({ databaseUrl: api.url });
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(other.db);
    for (let sent = 0; sent < 4; sent += 1) {
      expect((await deliver(api.app, { body: pushPayload() })).statusCode).toBe(202);
    }
    await other.close();
  });

  it('is answered with 503 while the database is unavailable', async () => {
    const away = await startTestApi({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
    try {
      const answer = await deliver(away.app, { body: pushPayload() });
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      expect(away.woken).toEqual([]);
    } finally {
      await away.close();
    }
  });
});

it('answers a ping without storing it', async () => {
  const answer = await deliver(api.app, { event: 'ping', body: '{"zen":"Speak like a human.","hook_id":1}' });
  expect(answer.statusCode).toBe(200);
  expect(await rows()).toEqual([]);
  expect((await deliver(api.app, { event: 'ping', body: '{}', secret: 'wrong' })).statusCode).toBe(401);
});

function signed(body: string, secret = SECRET): { 'x-hub-signature-256': string } {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}
