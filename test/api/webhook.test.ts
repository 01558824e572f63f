import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { workedEvents } from '../../src/deliveries/events.ts';
import { examples } from '../support/examples.ts';
import { deliver, pushPayload, SECRET, startTestApi } from './support.ts';
import { useWebhookApi } from './use-webhook-api.ts';

/** Of these events only some actions change a row here; of all others every one may. */
const changing: Readonly<Record<string, readonly string[]>> = {
  installation_target: ['renamed'],
  organization: ['deleted', 'renamed'],
};

const { api, rows } = useWebhookApi();

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
    'is ignored and wakes nobody when it is about an organization and changes no row here (%s)',
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

  it('may be form-encoded', async () => {
    const body = new URLSearchParams({ payload: pushPayload({ note: 'a+b & ü' }) }).toString();
    const answer = await deliver(api.app, {
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.statusCode).toBe(202);
    expect((await rows())[0]?.payload).toMatchObject({ note: 'a+b & ü' });
  });

  it('has one effect however often it is sent, even concurrently', async () => {
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

  it('has one effect if two processes receive it at once', async () => {
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
    let sent = 0;
    for (const { name, payload } of examples) {
      if (name === 'ping') continue;
      const installation = { id: 7, ...Object(payload['installation']) };
      const answer = await deliver(api.app, {
        event: name,
        body: JSON.stringify({ ...payload, installation }),
      });
      const action = String(payload['action']);
      const isWorked = workedEvents.includes(name) && (changing[name]?.includes(action) ?? true);
      expect({ name, action, status: answer.json<{ status: string }>().status }).toEqual({
        name,
        action,
        status: isWorked ? 'accepted' : 'ignored',
      });
      sent += 1;
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

  it('wakes the installation if it names no repository', async () => {
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

  it('is stored if only its subject is as expected', async () => {
    const answer = await deliver(api.app, {
      event: 'issues',
      body: '{"issue":{"id":1,"user":[]},"repository":{"id":5,"full_name":{}},"action":7}',
    });
    expect(answer.statusCode).toBe(202);
    expect(await rows()).toMatchObject([{ repository_id: 5, action: null, status: 'pending' }]);
  });
});

function signed(body: string, secret = SECRET): { 'x-hub-signature-256': string } {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}
