import { sql } from 'kysely';
import { equalities, listByTime, type TimeFilter, type PlaceInTime } from '../list-by-time.ts';
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
  /** when a person requested to apply it again */
  requeued_at: string | null;
}

export interface DeliveryFilter extends TimeFilter {
  status?: Delivery['status'] | undefined;
  event?: string | undefined;
  /** the beginning of the event's name, case ignored */
  eventPrefix?: string | undefined;
  installationId?: number | undefined;
  repositoryId?: number | undefined;
  recovered?: boolean | undefined;
}

/** The columns of a `Delivery`. */
export const deliveryColumns = sql`guid, event, action, installation_id, repository_id, received_at, processed_at, status, attempts,
  error, recovered, requeued_at`;

/**
 * Deliveries, newest first by default, and where the next page begins (null at the end). Each filter except
 * `eventPrefix` has an index.
 */
export async function listDeliveries(
  db: Sql,
  filter: DeliveryFilter,
): Promise<{ deliveries: Delivery[]; next: PlaceInTime | null }> {
  const { status, event, eventPrefix, recovered } = filter;
  const conditions = equalities({
    status,
    event,
    installation_id: filter.installationId,
    repository_id: filter.repositoryId,
  });
  if (eventPrefix !== undefined) conditions.push(sql`starts_with(event, ${eventPrefix.toLowerCase()})`);
  // As a separate condition, so that the index of the few recovered ones is used.
  if (recovered !== undefined) conditions.push(recovered ? sql`recovered` : sql`not recovered`);
  const list = { table: 'webhook_deliveries', columns: deliveryColumns, time: 'received_at', key: 'guid' };
  const { page: deliveries, next } = await listByTime<Delivery>(db, list, conditions, filter);
  return { deliveries, next };
}

/** What a delivery concerns. */
export type RoutedDelivery = Pick<Delivery, 'event' | 'installation_id' | 'repository_id'>;

/** The same without reading the payload, which may have 25 MB; null if there is no such delivery. */
export async function findDeliveryRoute(db: Sql, guid: string): Promise<RoutedDelivery | null> {
  const { rows } = await sql<RoutedDelivery>`
    select event, installation_id, repository_id from webhook_deliveries where guid = ${guid}`.execute(db);
  return rows[0] ?? null;
}
