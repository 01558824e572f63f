import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';

export const deliveryStatuses = ['pending', 'processed', 'ignored', 'failed'] as const;

/** A delivery without its payload. */
export interface Delivery {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  received_at: string;
  processed_at: string | null;
  status: (typeof deliveryStatuses)[number];
  attempts: number;
  error: string | null;
  recovered: boolean;
}

export interface DeliveryFilter {
  limit: number;
  status?: Delivery['status'] | undefined;
  event?: string | undefined;
  /** how the event's name begins, in any case */
  eventPrefix?: string | undefined;
  installationId?: number | undefined;
  repositoryId?: number | undefined;
  recovered?: boolean | undefined;
  since?: Date | undefined;
  /** by the time of their arrival, the only order that every filter has an index for; newest unless given */
  first?: 'newest' | 'oldest' | undefined;
  after?: DeliveryPosition | undefined;
}

/** Where a page ended. Microseconds, as PostgreSQL keeps them. */
export interface DeliveryPosition {
  receivedAtMicros: number;
  guid: string;
}

/** Of a `Delivery`. */
export const deliveryColumns = sql`guid, event, action, installation_id, repository_id, received_at, processed_at, status, attempts,
  error, recovered`;

/** Deliveries, newest first unless asked otherwise, and where the next page begins (null at the end). Each filter but `eventPrefix` has an index. */
export async function listDeliveries(
  db: Sql,
  filter: DeliveryFilter,
): Promise<{ deliveries: Delivery[]; next: DeliveryPosition | null }> {
  const [direction, beyond] = filter.first === 'oldest' ? [sql`asc`, sql`>`] : [sql`desc`, sql`<`];
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter.status !== undefined) conditions.push(sql`status = ${filter.status}`);
  if (filter.event !== undefined) conditions.push(sql`event = ${filter.event}`);
  if (filter.eventPrefix !== undefined)
    conditions.push(sql`starts_with(event, ${filter.eventPrefix.toLowerCase()})`);
  if (filter.installationId !== undefined) conditions.push(sql`installation_id = ${filter.installationId}`);
  if (filter.repositoryId !== undefined) conditions.push(sql`repository_id = ${filter.repositoryId}`);
  // As a word of its own: the index of the few recovered ones is then seen.
  if (filter.recovered !== undefined) conditions.push(filter.recovered ? sql`recovered` : sql`not recovered`);
  if (filter.since !== undefined) conditions.push(sql`received_at >= ${filter.since.toISOString()}`);
  if (filter.after !== undefined) {
    conditions.push(sql`(received_at, guid) ${beyond} (
      timestamptz 'epoch' + ${filter.after.receivedAtMicros}::bigint * interval '1 microsecond',
      ${filter.after.guid}::uuid)`);
  }
  const { rows } = await sql<Delivery & { micros: number }>`
    select ${deliveryColumns}, (extract(epoch from received_at) * 1000000)::bigint as micros
    from webhook_deliveries where ${sql.join(conditions, sql` and `)}
    order by received_at ${direction}, guid ${direction} limit ${filter.limit + 1}`.execute(db);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    deliveries: page.map(({ micros: _micros, ...delivery }) => delivery),
    next: rows.length > page.length && last ? { receivedAtMicros: last.micros, guid: last.guid } : null,
  };
}

/** One delivery with its payload as JSON text: numbers beyond 2^53 stay as they were sent. */
export async function findDelivery(db: Sql, guid: string): Promise<(Delivery & { payload: string }) | null> {
  const { rows } = await sql<Delivery & { payload: string }>`
    select ${deliveryColumns}, payload::text as payload from webhook_deliveries where guid = ${guid}`.execute(
    db,
  );
  return rows[0] ?? null;
}
