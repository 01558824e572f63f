import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { isDue } from '../queries/due-deliveries.ts';

export interface PendingDelivery {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  received_at: string;
  attempts: number;
  payload: Record<string, unknown>;
}

/** Pushes of 2,048 commits are large: so many deliveries are worked on in one go. */
export const DELIVERIES_AT_ONCE = 200;

/** What was delivered for a repository and is due, oldest first. */
export async function pendingDeliveries(db: Sql, repositoryId: number): Promise<PendingDelivery[]> {
  const { rows } = await sql<PendingDelivery>`
    select guid, event, action, installation_id, repository_id, received_at, attempts, payload
    from webhook_deliveries where ${isDue} and repository_id = ${repositoryId}
    order by received_at, guid limit ${DELIVERIES_AT_ONCE}`.execute(db);
  return rows;
}

/** Which deliveries of a repository are due, as many as are worked on in one go, without their payloads. */
export async function pendingGuids(db: Sql, repositoryId: number): Promise<string[]> {
  const { rows } = await sql<{ guid: string }>`select guid from webhook_deliveries
    where ${isDue} and repository_id = ${repositoryId}
    order by received_at, guid limit ${DELIVERIES_AT_ONCE}`.execute(db);
  return rows.map(({ guid }) => guid);
}

/** Whether deliveries of a repository are due; those of `taken` aside, which are being worked on. */
export async function hasPendingDeliveries(
  db: Sql,
  repositoryId: number,
  taken: readonly string[] = [],
): Promise<boolean> {
  const { rows } = await sql`select 1 from webhook_deliveries
    where ${isDue} and repository_id = ${repositoryId} and not guid = any(${taken}::uuid[]) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** What was delivered for an installation itself, without a repository. */
export async function pendingInstallationDeliveries(
  db: Sql,
  installationId: number,
): Promise<PendingDelivery[]> {
  const { rows } = await sql<PendingDelivery>`
    select guid, event, action, installation_id, repository_id, received_at, attempts, payload
    from webhook_deliveries
    where status = 'pending' and installation_id = ${installationId} and repository_id is null
    order by received_at, guid limit ${DELIVERIES_AT_ONCE}`.execute(db);
  return rows;
}

export async function finishDeliveries(
  tx: Sql,
  guids: readonly string[],
  status: 'processed' | 'ignored' | 'failed',
  error: string | null = null,
): Promise<void> {
  if (guids.length === 0) return;
  await sql`update webhook_deliveries set status = ${status}, error = ${error},
      processed_at = clock_timestamp(), tried_at = clock_timestamp(), attempts = attempts + 1, retry_at = null
    where guid = any(${guids}::uuid[]) and status = 'pending'`.execute(tx);
}

/** Says why deliveries still wait, where it is not their own fault: GitHub as a whole may not be asked. */
export async function noteDeliveryError(db: Sql, guids: readonly string[], error: string): Promise<void> {
  if (guids.length === 0) return;
  await sql`update webhook_deliveries set attempts = attempts + 1, tried_at = clock_timestamp(), error = ${error}
    where guid = any(${guids}::uuid[]) and status = 'pending'`.execute(db);
}
