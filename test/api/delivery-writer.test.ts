import { describe, expect, it } from '@jest/globals';
import { createDeliveryWriter } from '../../src/api/receiver/delivery-writer.ts';
import { POOL_SIZES } from '../../src/db/pool-sizes.ts';
import type { NewDelivery } from '../../src/model.ts';

const delivery: NewDelivery = {
  guid: '00000000-0000-4000-8000-000000000001',
  event: 'push',
  action: null,
  installationId: 1,
  repositoryId: 1,
  payload: Buffer.from('{}'),
  status: 'pending',
};

/** Stores on the connection after so many that have ended. */
function storeAfter(ended: number) {
  let left = ended;
  return createDeliveryWriter(async (deliveries) => {
    if (left > 0) {
      left -= 1;
      throw new Error('Connection terminated unexpectedly');
    }
    return new Set(deliveries.map(({ guid }) => guid));
  });
}

describe('a delivery', () => {
  it('is stored although every connection of the pool has ended', async () => {
    expect(await storeAfter(POOL_SIZES.api).write(delivery)).toBe(true);
  });

  it('is reported as not durable if new connections end as well', async () => {
    await expect(storeAfter(1000).write(delivery)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});
