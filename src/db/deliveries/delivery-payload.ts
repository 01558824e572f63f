import { sql } from 'kysely';
import { deliveryColumns, type Delivery } from './list-deliveries.ts';
import type { Sql } from '../orm.ts';

/** One delivery with the size of its payload, or null. */
export async function findDeliverySize(
  db: Sql,
  guid: string,
): Promise<(Delivery & { payload_bytes: number }) | null> {
  const { rows } = await sql<Delivery & { payload_bytes: number }>`
    select ${deliveryColumns}, octet_length(payload::text) as payload_bytes
    from webhook_deliveries where guid = ${guid}`.execute(db);
  return rows[0] ?? null;
}

/** A payload as JSON text, in which numbers beyond 2^53 stay as they were sent; null if there is none. */
export async function readPayload(db: Sql, guid: string): Promise<string | null> {
  const { rows } = await sql<{ text: string }>`
    select payload::text as text from webhook_deliveries where guid = ${guid}`.execute(db);
  return rows[0]?.text ?? null;
}

/**
 * The beginning of a payload, indented: as much of 25 MB as a screen can show without freezing. Null if there
 * is none.
 */
export async function readPayloadText(db: Sql, guid: string, characters: number): Promise<string | null> {
  const { rows } = await sql<{ text: string }>`
    select left(jsonb_pretty(payload), ${characters}) as text from webhook_deliveries where guid = ${guid}`.execute(
    db,
  );
  return rows[0]?.text ?? null;
}
