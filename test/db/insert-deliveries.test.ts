import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { insertDeliveries } from '../../src/db/deliveries/insert-deliveries.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { watchPlans } from '../support/plans.ts';

let test: TestRows;

beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

function delivery(payload: unknown) {
  return {
    guid: randomUUID(),
    event: 'issues',
    action: null,
    installationId: null,
    repositoryId: null,
    status: 'pending' as const,
    payload: Buffer.from(JSON.stringify(payload)),
  };
}

describe('inserted deliveries', () => {
  it.each([
    ['small', 1],
    ['large', 400_000],
  ])('keep their %s payloads', async (_size, length) => {
    const payloads = ['', 'é😀', '{a,"b"}', String.raw`\x00 \" NULL`, ' '].map((text) => ({
      text,
      more: 'x'.repeat(length),
    }));
    const deliveries = payloads.map((payload) => delivery(payload));
    expect(await insertDeliveries(test.db, deliveries)).toEqual(new Set(deliveries.map(({ guid }) => guid)));
    const stored = await test.rows<{ guid: string; payload: unknown }>(
      'select guid, payload from webhook_deliveries',
    );
    expect(new Map(stored.map(({ guid, payload }) => [guid, payload]))).toEqual(
      new Map(deliveries.map(({ guid }, at) => [guid, payloads[at]])),
    );
  });

  it('share one statement, however many they are', async () => {
    const plans = await watchPlans(test);
    await insertDeliveries(test.db, [delivery(1), delivery(2)]);
    await insertDeliveries(test.db, [delivery(3), delivery(4), delivery(5)]);
    const [first, second, ...others] = plans.matching(/insert into webhook_deliveries/);
    expect([second, others]).toEqual([first, []]);
  });
});
