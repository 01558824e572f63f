import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { sql } from 'kysely';
import { standIn } from '../support/stand-in.ts';
import { SECRET, startTestApi, type TestApi } from './support.ts';

interface StoredDelivery {
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

/** One API for all tests of a file, which takes two secrets; before each its inbox is empty. */
export function useWebhookApi(): { api: TestApi; rows: () => Promise<StoredDelivery[]> } {
  let started: TestApi | undefined;
  function now(): TestApi {
    if (started === undefined) throw new Error('the API is there within a test only');
    return started;
  }
  beforeAll(async () => {
    started = await startTestApi({ settings: { webhookSecrets: ['older secret', SECRET] } });
  });
  afterAll(() => started?.close());
  beforeEach(async () => {
    await sql`delete from webhook_deliveries`.execute(now().db);
    now().woken.length = 0;
  });
  return { api: standIn(now), rows: () => storedDeliveries(now()) };
}

/** The inbox in the order of arrival. */
async function storedDeliveries(api: TestApi): Promise<StoredDelivery[]> {
  const statement = sql<StoredDelivery>`
    select *, payload::text as text from webhook_deliveries order by received_at`;
  return (await statement.execute(api.db)).rows;
}
