import { sql } from 'kysely';
import type { TestApi } from './support.ts';

export interface StoredDelivery {
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

/** The inbox in the order of arrival. */
export async function storedDeliveries(api: TestApi): Promise<StoredDelivery[]> {
  const statement = sql<StoredDelivery>`
    select *, payload::text as text from webhook_deliveries order by received_at`;
  return (await statement.execute(api.db)).rows;
}
