import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holdDeliveries, nextRetryMs } from '../../src/db/deliveries/hold-deliveries.ts';
import { finishDeliveries, pendingGuids } from '../../src/db/deliveries/pending-deliveries.ts';
import { requeueDelivery } from '../../src/db/deliveries/requeue-delivery.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const guid = '0b989ba4-242f-11e5-81e1-c7b6966d2516';
const error = 'GITHUB_UNAVAILABLE: GET /issues/1: 500';
let test: TestRows;

beforeEach(async () => {
  test = await openTestRows();
  await test.rows(
    `insert into webhook_deliveries (guid, event, repository_id, payload) values ('${guid}', 'issues', 9, '{}')`,
  );
});
afterEach(() => test.close());

const row = () => test.rows(`select status, attempts, error from webhook_deliveries`);
const later = (interval: string) =>
  test.rows(
    `update webhook_deliveries set retry_at = retry_at - interval '${interval}', received_at = received_at - interval '${interval}'`,
  );

describe('holdDeliveries', () => {
  it('postpones a delivery, longer each time, and records the reason', async () => {
    const waits: number[] = [];
    for (let tries = 1; tries <= 3; tries += 1) {
      expect(await holdDeliveries(test.db, [guid], error)).toEqual([]);
      expect(await row()).toEqual([{ status: 'pending', attempts: tries, error }]);
      expect(await pendingGuids(test.db, 9)).toEqual([]);
      waits.push(Math.round(((await nextRetryMs(test.db, 9)) ?? 0) / 1000));
      await later('1 minute');
      expect(await pendingGuids(test.db, 9)).toEqual([guid]);
    }
    expect(waits).toEqual([1, 2, 4]);
  });

  it('schedules the next attempt only for postponed deliveries', async () => {
    // Due at once is not put off: a workflow that waited for it would ask again and again, for ever.
    expect(await nextRetryMs(test.db, 9)).toBeNull();
    expect(await nextRetryMs(test.db, 10)).toBeNull();
    await holdDeliveries(test.db, [guid], error);
    expect(await nextRetryMs(test.db, 9)).toBeGreaterThan(0);
    await finishDeliveries(test.db, [guid], 'processed');
    expect(await nextRetryMs(test.db, 9)).toBeNull();
  });

  it('gives up after several attempts and an hour, not after either alone', async () => {
    for (let tries = 0; tries < 10; tries += 1)
      expect(await holdDeliveries(test.db, [guid], error)).toEqual([]);
    await later('61 minutes');
    expect(await holdDeliveries(test.db, [guid], error)).toEqual([guid]);
    expect(await row()).toEqual([{ status: 'failed', attempts: 11, error }]);
    await test.rows(`update webhook_deliveries set status = 'pending', failures = 0`);
    expect(await holdDeliveries(test.db, [guid], error)).toEqual([]);
  });
});

describe('requeueDelivery', () => {
  it('lets a delivery be applied again, with a new hour, but not while it is pending', async () => {
    expect(await requeueDelivery(test.db, guid)).toBe('pending');
    await finishDeliveries(test.db, [guid], 'failed', error);
    await later('1 day');
    expect(await requeueDelivery(test.db, guid)).toEqual({
      guid,
      event: 'issues',
      installation_id: null,
      repository_id: 9,
    });
    expect(await row()).toEqual([{ status: 'pending', attempts: 1, error: null }]);
    for (let tries = 0; tries < 10; tries += 1) await holdDeliveries(test.db, [guid], error);
    expect(await row()).toMatchObject([{ status: 'pending' }]);
    expect(await requeueDelivery(test.db, '0b989ba4-242f-11e5-81e1-c7b6966d2517')).toBe('unknown');
  });
});
