import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';

type DeliveryStatus = 'pending' | 'processed' | 'ignored' | 'failed';

export interface ShownDelivery {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  received_at: string;
  processed_at: string | null;
  status: DeliveryStatus;
  attempts: number;
  error: string | null;
  recovered: boolean;
}

export interface DeliveryFilter {
  limit: number;
  status?: DeliveryStatus | undefined;
  /** how the event's name begins */
  event?: string | undefined;
  installationId?: number | undefined;
  repositoryId?: number | undefined;
  recovered?: boolean | undefined;
  after?: [receivedMicros: number, guid: string] | undefined;
}

const columns = sql`guid, event, action, installation_id, repository_id, received_at, processed_at, status, attempts,
  error, recovered`;

/** Deliveries, newest first, without payloads. */
export async function listShownDeliveries(
  db: Sql,
  filter: DeliveryFilter,
): Promise<{ deliveries: ShownDelivery[]; next: [receivedMicros: number, guid: string] | null }> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter.status !== undefined) conditions.push(sql`status = ${filter.status}`);
  if (filter.event !== undefined) conditions.push(sql`starts_with(event, ${filter.event.toLowerCase()})`);
  if (filter.installationId !== undefined) conditions.push(sql`installation_id = ${filter.installationId}`);
  if (filter.repositoryId !== undefined) conditions.push(sql`repository_id = ${filter.repositoryId}`);
  if (filter.recovered !== undefined) conditions.push(sql`recovered = ${filter.recovered}`);
  if (filter.after !== undefined) {
    conditions.push(sql`(received_at, guid) < (
      timestamptz 'epoch' + ${filter.after[0]}::bigint * interval '1 microsecond', ${filter.after[1]}::uuid)`);
  }
  const { rows } = await sql<ShownDelivery & { micros: number }>`
    select ${columns}, (extract(epoch from received_at) * 1000000)::bigint as micros
    from webhook_deliveries where ${sql.join(conditions, sql` and `)}
    order by received_at desc, guid desc limit ${filter.limit + 1}`.execute(db);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    deliveries: page.map(({ micros: _micros, ...delivery }) => delivery),
    next: rows.length > page.length && last ? [last.micros, last.guid] : null,
  };
}

/** One delivery with the size of its payload, or null. */
export async function findShownDelivery(
  db: Sql,
  guid: string,
): Promise<(ShownDelivery & { payload_bytes: number }) | null> {
  const { rows } = await sql<ShownDelivery & { payload_bytes: number }>`
    select ${columns}, octet_length(payload::text) as payload_bytes
    from webhook_deliveries where guid = ${guid}`.execute(db);
  return rows[0] ?? null;
}

/** The beginning of a payload, indented: what a screen can show of 25 MB without freezing. Null: no such one. */
export async function readPayloadText(db: Sql, guid: string, characters: number): Promise<string | null> {
  const { rows } = await sql<{ text: string }>`
    select left(jsonb_pretty(payload), ${characters}) as text from webhook_deliveries where guid = ${guid}`.execute(
    db,
  );
  return rows[0]?.text ?? null;
}
