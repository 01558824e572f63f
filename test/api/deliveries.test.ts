import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { z } from 'zod';
import { connectStubTemporal, type StubTemporal } from '../temporal/stub-temporal.ts';
import { deliver, pushPayload, startTestApi, type TestApi } from './support.ts';

let api: TestApi;
let temporal: StubTemporal;

beforeAll(async () => {
  temporal = await connectStubTemporal();
  api = await startTestApi({ client: temporal.client });
});
afterAll(async () => {
  await api.close();
  await temporal.close();
});

async function ask(path: string, method: 'GET' | 'POST' = 'GET') {
  const { statusCode, body } = await api.app.inject({ method, url: `/api/deliveries/${path}` });
  return { status: statusCode, body, json: (): Record<string, unknown> => JSON.parse(body) };
}

async function guidsOf(query: string): Promise<unknown[]> {
  const { deliveries } = (await ask(query)).json();
  return Array.isArray(deliveries) ? deliveries.map(({ guid }: { guid: string }) => guid) : [];
}

it('finds deliveries by every filter, page by page, newest first', async () => {
  // Three at each instant: a page ends between rows of one time.
  await sql`insert into webhook_deliveries
      (guid, event, installation_id, repository_id, received_at, status, processed_at, payload, recovered)
    select md5('d' || n)::uuid, case when n % 2 = 0 then 'push' else 'issues' end, n % 3, n % 5,
      timestamptz '2026-01-01Z' + (n / 3) * interval '1 minute', 'processed', now(), '{}', n % 10 = 0
    from generate_series(1, 100) n`.execute(api.db);
  const seen: unknown[] = [];
  for (let cursor = ''; ;) {
    const { deliveries, next } = (await ask(`?limit=7${cursor}`)).json();
    expect(JSON.stringify(deliveries)).not.toContain('payload');
    seen.push(...(Array.isArray(deliveries) ? deliveries.map(({ guid }: { guid: string }) => guid) : []));
    if (next === null) break;
    cursor = `&cursor=${z.string().parse(next)}`;
  }
  const { rows } = await sql<{ guid: string }>`
    select guid from webhook_deliveries order by received_at desc, guid desc`.execute(api.db);
  expect(seen).toEqual(rows.map(({ guid }) => guid));
  const first = await api.app.inject({ url: '/api/dashboard/deliveries/?first=oldest&limit=60' });
  const { deliveries: oldest, next } = first.json<{ deliveries: { guid: string }[]; next: string }>();
  const second = await api.app.inject({
    url: `/api/dashboard/deliveries/?first=oldest&limit=60&cursor=${next}`,
  });
  const rest = second.json<{ deliveries: { guid: string }[] }>().deliveries;
  expect([...oldest, ...rest].map(({ guid }) => guid)).toEqual(seen.toReversed());
  for (const [query, condition] of [
    ['event=push&limit=200', sql`event = 'push'`],
    ['installation_id=2&limit=200', sql`installation_id = 2`],
    ['repository_id=4&recovered=false&limit=200', sql`repository_id = 4 and not recovered`],
    ['recovered=true&limit=200', sql`recovered`],
    ['since=2026-01-01T00:20:00Z&limit=200', sql`received_at >= '2026-01-01 00:20Z'`],
    ['status=failed', sql`status = 'failed'`],
  ] as const) {
    const { rows: expected } = await sql<{ guid: string }>`
      select guid from webhook_deliveries where ${condition} order by received_at desc, guid desc`.execute(
      api.db,
    );
    expect({ query, guids: await guidsOf(`?${query}`) }).toEqual({
      query,
      guids: expected.map(({ guid }) => guid),
    });
  }
  for (const wrong of ['?status=lost', '?limit=0', '?recovered=maybe', '?cursor=x', '?event=a%20b', '12/']) {
    expect({ wrong, status: (await ask(wrong)).status }).toEqual({ wrong, status: 400 });
  }
});

it('reads no more rows than its page, whatever the filter', async () => {
  await sql`insert into webhook_deliveries (guid, event, installation_id, repository_id, received_at, status, payload)
    select gen_random_uuid(), 'push', 7, 1000 + n % 500, now() - n * interval '1 second', 'processed', '{}'
    from generate_series(1, 50000) n`.execute(api.db);
  await sql`analyze webhook_deliveries`.execute(api.db);
  for (const condition of [
    sql`true`,
    sql`status = 'failed'`,
    sql`event = 'issues'`,
    sql`installation_id = 2`,
    sql`repository_id = 1001`,
    sql`recovered`,
  ]) {
    const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: object }] }>`explain (analyze, format json)
      select guid from webhook_deliveries where ${condition}
      order by received_at desc, guid desc limit 51`.execute(api.db);
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN']);
    const read = [...plan.matchAll(/"Actual Rows": ?(\d+)|"Rows Removed by Filter": ?(\d+)/g)];
    expect(Math.max(...read.map(([, rowsRead, removed]) => Number(rowsRead ?? removed)))).toBeLessThan(110);
  }
});

describe('one delivery', () => {
  it('is returned with its payload as it was sent', async () => {
    const guid = randomUUID();
    await deliver(api.app, { guid, body: '{"ref":"x","repository":{"id":1},"big":9007199254740993123}' });
    const { status, body, json } = await ask(`${guid.toUpperCase()}/`);
    expect([status, json()]).toMatchObject([200, { guid, event: 'push', status: 'pending', attempts: 0 }]);
    expect(body).toContain('9007199254740993123');
    expect((await ask(`${randomUUID()}/`)).status).toBe(404);
  });

  it('is applied again once it is not pending', async () => {
    const guid = randomUUID();
    await deliver(api.app, { guid, body: pushPayload() });
    expect((await ask(`${guid}/`, 'POST')).json()).toMatchObject({ code: 'DELIVERY_PENDING' });
    await sql`update webhook_deliveries set status = 'failed', error = 'x', processed_at = now()
      where guid = ${guid}`.execute(api.db);
    const again = await ask(guid, 'POST');
    expect([again.status, again.json()]).toEqual([
      202,
      { workflow_id: 'repo-sync/42', run_id: expect.any(String) },
    ]);
    expect((await ask(`${guid}/`)).json()).toMatchObject({
      status: 'pending',
      error: null,
      processed_at: null,
    });
    expect((await ask(`${randomUUID()}/`, 'POST')).status).toBe(404);
  });

  it('stays as it is when it cannot be applied again because Temporal is away', async () => {
    const away = await startTestApi({ databaseUrl: api.url });
    try {
      const guid = randomUUID();
      await deliver(api.app, { guid, body: pushPayload() });
      await sql`update webhook_deliveries set status = 'failed', error = 'x', processed_at = now()
        where guid = ${guid}`.execute(api.db);
      for (let time = 1; time <= 2; time += 1) {
        const { statusCode, body } = await away.app.inject({
          method: 'POST',
          url: `/api/deliveries/${guid}/`,
        });
        expect([statusCode, JSON.parse(body)]).toMatchObject([503, { code: 'TEMPORAL_UNAVAILABLE' }]);
      }
      expect((await ask(`${guid}/`)).json()).toMatchObject({ status: 'failed', error: 'x' });
    } finally {
      await away.close();
    }
  });

  it('is not applied again when its event changes nothing here', async () => {
    const guid = randomUUID();
    await deliver(api.app, { guid, event: 'marketplace_purchase', body: '{"repository":{"id":42}}' });
    const answer = await ask(`${guid}/`, 'POST');
    expect([answer.status, answer.json()]).toMatchObject([409, { code: 'DELIVERY_NOT_APPLICABLE' }]);
  });
});
