import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { z } from 'zod';
import { MAX_DELIVERY_BYTES } from '../../src/api/receiver/receive-body.ts';
import { deliver, pushPayload, SECRET, startTestApi, type TestApi } from './support.ts';

interface Row {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  status: string;
  processed_at: string | null;
  payload: unknown;
  text: string;
}

const examples = z
  .array(z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) }))
  .parse(createRequire(import.meta.url)('@octokit/webhooks-examples'));

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ settings: { webhookSecrets: ['older secret', SECRET] } });
});
afterAll(() => api.close());
beforeEach(async () => {
  await sql`delete from webhook_deliveries`.execute(api.db);
  api.woken.length = 0;
});

async function rows(): Promise<Row[]> {
  return (
    await sql<Row>`select *, payload::text as text from webhook_deliveries order by received_at`.execute(
      api.db,
    )
  ).rows;
}

describe('a signed delivery', () => {
  it('is durable before it is answered, and wakes its repository', async () => {
    const guid = randomUUID();
    const answer = await deliver(api.app, { guid, body: pushPayload() });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ status: 'accepted', guid });
    expect(await rows()).toMatchObject([
      {
        guid,
        event: 'push',
        action: null,
        installation_id: 7,
        repository_id: 42,
        status: 'pending',
        processed_at: null,
      },
    ]);
    expect(api.woken).toEqual([{ kind: 'repository', id: 42, installationId: 7, label: 'octo/hello' }]);
  });

  it.each(['member_added', 'member_removed', 'member_invited', null])(
    'about an organization that changes no row here (%s) is ignored and wakes nobody',
    async (action) => {
      const body = JSON.stringify({
        action,
        organization: { id: 3, login: 'octo' },
        installation: { id: 7 },
      });
      expect((await deliver(api.app, { event: 'organization', body })).statusCode).toBe(202);
      expect(await rows()).toMatchObject([{ event: 'organization', status: 'ignored' }]);
      expect(api.woken).toEqual([]);
      const renamed = body.replace(/"action":[^,]+/, '"action":"renamed"');
      await deliver(api.app, { event: 'organization', body: renamed });
      expect(api.woken).toMatchObject([{ kind: 'installation', id: 7 }]);
    },
  );

  it('is accepted under any of several secrets, with and without the trailing slash', async () => {
    const old = await deliver(api.app, { body: pushPayload(), secret: 'older secret' });
    expect(old.statusCode).toBe(202);
    const bare = await api.app.inject({
      method: 'POST',
      url: '/api/github/webhook',
      headers: { ...signed(pushPayload()), 'x-github-event': 'push', 'x-github-delivery': randomUUID() },
      payload: pushPayload(),
    });
    expect(bare.statusCode).toBe(202);
  });

  it('may come form-encoded', async () => {
    const body = new URLSearchParams({ payload: pushPayload({ note: 'a+b & ü' }) }).toString();
    const answer = await deliver(api.app, {
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.statusCode).toBe(202);
    expect((await rows())[0]?.payload).toMatchObject({ note: 'a+b & ü' });
  });

  it('has one effect however often it is sent, also at once', async () => {
    const guid = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        deliver(api.app, { guid: index % 2 ? guid : guid.toUpperCase(), body: pushPayload() }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 20 }, () => 202));
    expect(answers.filter((answer) => answer.json<{ status: string }>().status === 'accepted')).toHaveLength(
      1,
    );
    expect(await rows()).toHaveLength(1);
    expect(api.woken).toHaveLength(1);
  });

  it('has one effect where two processes receive it at once', async () => {
    const other = await startTestApi({ databaseUrl: api.url });
    try {
      const guids = Array.from({ length: 50 }, () => randomUUID());
      const answers = await Promise.all([
        ...guids.map((guid) => deliver(api.app, { guid, body: pushPayload() })),
        ...guids.toReversed().map((guid) => deliver(other.app, { guid, body: pushPayload() })),
      ]);
      expect(answers.every(({ statusCode }) => statusCode === 202)).toBe(true);
      expect(await rows()).toHaveLength(50);
      expect(api.woken.length + other.woken.length).toBe(50);
    } finally {
      await other.close();
    }
  });

  it('shares its insert with those that arrive at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        deliver(api.app, { body: pushPayload({ repository: { id: index + 1 } }) }),
      ),
    );
    expect(answers.every(({ statusCode }) => statusCode === 202)).toBe(true);
    const { rows: moments } = await sql<{ n: number }>`
      select count(distinct received_at) as n from webhook_deliveries`.execute(api.db);
    expect(await rows()).toHaveLength(300);
    expect(moments[0]?.n).toBeLessThan(30);
  });

  it('is stored in every one of its published forms', async () => {
    const worked = new Set([
      'push',
      'create',
      'delete',
      'issues',
      'issue_comment',
      'label',
      'milestone',
      'pull_request',
      'pull_request_review',
      'release',
      'pull_request_review_comment',
      'pull_request_review_thread',
      'repository',
      'installation',
      'installation_repositories',
      'installation_target.renamed',
      'organization.deleted',
      'organization.renamed',
    ]);
    let sent = 0;
    for (const { name, examples: payloads } of examples) {
      if (name === 'ping') continue;
      for (const payload of payloads) {
        const installation = { id: 7, ...Object(payload['installation']) };
        const answer = await deliver(api.app, {
          event: name,
          body: JSON.stringify({ ...payload, installation }),
        });
        const action = `${name}.${String(Object(payload)['action'])}`;
        expect({ action, status: answer.json<{ status: string }>().status }).toEqual({
          action,
          status: worked.has(name) || worked.has(action) ? 'accepted' : 'ignored',
        });
        sent += 1;
      }
    }
    expect(await rows()).toHaveLength(sent);
  });

  it('is ignored, but kept, when its event is unknown or it concerns nothing here', async () => {
    expect(
      (await deliver(api.app, { event: 'merge_queue_2031', body: '{"repository":{"id":1}}' })).statusCode,
    ).toBe(202);
    expect((await deliver(api.app, { body: '{"ref":"refs/heads/main"}' })).statusCode).toBe(202);
    const stored = await rows();
    expect(stored.map(({ status }) => status)).toEqual(['ignored', 'ignored']);
    expect(stored.every(({ processed_at }) => processed_at !== null)).toBe(true);
    expect(api.woken).toEqual([]);
  });

  it('wakes the installation where it names no repository', async () => {
    await deliver(api.app, {
      event: 'installation',
      body: '{"action":"created","installation":{"id":9,"account":{"login":"octo"}}}',
    });
    await deliver(api.app, {
      event: 'organization',
      body: '{"action":"renamed","organization":{"id":3},"installation":{"id":9}}',
    });
    expect(api.woken).toEqual([
      { kind: 'installation', id: 9, installationId: 9, label: 'octo' },
      { kind: 'installation', id: 9, installationId: 9, label: null },
    ]);
  });

  it('is kept when only its subject is as expected', async () => {
    const answer = await deliver(api.app, {
      event: 'issues',
      body: '{"issue":{"id":1,"user":[]},"repository":{"id":5,"full_name":{}},"action":7}',
    });
    expect(answer.statusCode).toBe(202);
    expect(await rows()).toMatchObject([{ repository_id: 5, action: null, status: 'pending' }]);
  });
});

describe('strange content', () => {
  it('keeps numbers beyond 2^53', async () => {
    await deliver(api.app, { body: '{"ref":"x","repository":{"id":1},"big":9007199254740993123}' });
    expect((await rows())[0]?.text).toContain('9007199254740993123');
  });

  it('becomes U+FFFD where PostgreSQL cannot hold it', async () => {
    const body = String.raw`{"ref":"x","repository":{"id":1},"action":"a\u0000b","m":"\u0000|\ud83d\ude00|\ud83d|\ude00\ud83d|\\u0000|é"}`;
    expect((await deliver(api.app, { body })).statusCode).toBe(202);
    expect(await rows()).toMatchObject([
      { action: 'a\ufffdb', payload: { m: '\ufffd|\u{1f600}|\ufffd|\ufffd\ufffd|\\u0000|é' } },
    ]);
  });

  it('is verified over its raw bytes, also when they are no UTF-8', async () => {
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
  ])('is kept as text when it is %s, and spoils no other delivery', async (_what, value) => {
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
  ])('with 401 for %s', async (_what, headers) => {
    const answer = await deliver(api.app, { body: pushPayload(), headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'SIGNATURE_INVALID', requestId: expect.any(String) });
    expect(await rows()).toEqual([]);
  });

  it.each([
    ['no event name', { event: '', body: pushPayload() }],
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
  ])('with 400 for %s', async (_what, delivery) => {
    const answer = await deliver(api.app, delivery);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_REQUEST', message: expect.any(String) });
    expect(await rows()).toEqual([]);
  });

  it('with 413 over 25 MB, and takes one of exactly 25 MB', async () => {
    const frame = pushPayload({ filler: '' });
    const body = (size: number) => pushPayload({ filler: 'x'.repeat(size - frame.length) });
    expect((await deliver(api.app, { body: body(MAX_DELIVERY_BYTES + 1) })).statusCode).toBe(413);
    expect(await rows()).toEqual([]);
    expect((await deliver(api.app, { body: body(MAX_DELIVERY_BYTES) })).statusCode).toBe(202);
  });

  it('not when the database ends its connections: what was sent on them is sent again', async () => {
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

  it('with 503 while the database is away', async () => {
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
