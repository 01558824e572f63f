import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';
import { isDue } from './due-deliveries.ts';

export interface PendingDelivery {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  received_at: string;
  /** how long ago that was when it was read, both by the database's clock */
  waited_ms: number;
  payload: Record<string, unknown>;
}

/** So many deliveries are processed in one go. */
export const DELIVERIES_AT_ONCE = 200;

interface PageSize {
  deliveries: number;
  /** of payloads, as JSON */
  bytes: number;
}

/**
 * So much is read in one go (GitHub sends up to 25 MB in one delivery): a worker holds 32 such pages at most, beside the
 * objects made of them.
 */
const PAGE: PageSize = { deliveries: DELIVERIES_AT_ONCE, bytes: 2_000_000 };
/** Of several repositories together: an activity holds one such page at a time. */
const SHARED_PAGE: PageSize = { deliveries: 500, bytes: 5_000_000 };
/** So many bytes as they are stored are unpacked in one statement: compressed, to a hundredth at the utmost. */
const CHUNK_STORED_BYTES = 400_000;

/**
 * Without what the plan of a round never reads of a push: its commits, whose list may be megabytes, are asked for. Of a
 * tag's it reads which commit is its newest.
 */
const plannedPayload = sql`case when event <> 'push' then payload
  when payload ->> 'ref' like 'refs/tags/%' then payload - 'commits' - 'head_commit'
    || jsonb_build_object('head_commit', jsonb_build_object('id', payload -> 'head_commit' -> 'id'))
  else payload - 'commits' - 'head_commit' end`;

const waitedMs = sql`extract(epoch from clock_timestamp() - received_at)::float8 * 1000 as waited_ms`;

/** What was delivered for a repository and is due, oldest first: as much as fits into a page, and one at least. */
export async function pendingDeliveries(db: Sql, repositoryId: number): Promise<PendingDelivery[]> {
  return readPage(db, sql`${isDue} and repository_id = ${repositoryId}`);
}

/** The same of several repositories: a page in all, which is larger. */
export async function pendingDeliveriesOf(
  db: Sql,
  repositoryIds: readonly number[],
): Promise<PendingDelivery[]> {
  return readPage(db, sql`${isDue} and repository_id = any(${repositoryIds}::bigint[])`, SHARED_PAGE);
}

async function readPage(
  db: Sql,
  which: RawBuilder<unknown>,
  { deliveries: limit, bytes: limitBytes }: PageSize = PAGE,
): Promise<PendingDelivery[]> {
  const { rows: waiting } = await sql<{ guid: string; stored: number }>`
    select guid, pg_column_size(payload) as stored from webhook_deliveries
    where ${which} order by received_at, guid limit ${limit}`.execute(db);
  const page: PendingDelivery[] = [];
  for (let bytes = 0; waiting.length > 0 && bytes < limitBytes;) {
    const chunk = waiting.splice(0, 1);
    for (let stored = chunk[0]?.stored ?? 0; waiting[0] && stored + waiting[0].stored < CHUNK_STORED_BYTES;) {
      stored += waiting[0].stored;
      chunk.push(...waiting.splice(0, 1));
    }
    // As text: PostgreSQL would write it out once more to count it.
    const { rows } = await sql<Omit<PendingDelivery, 'payload'> & { payload: string }>`
      with unpacked as materialized (
        select guid, event, action, installation_id, repository_id, received_at, ${waitedMs},
          (${plannedPayload})::text as payload
        from webhook_deliveries where guid = any(${chunk.map(({ guid }) => guid)}::uuid[])
      ), counted as (
        select *, sum(octet_length(payload)) over (order by received_at, guid) - octet_length(payload) as before
        from unpacked
      )
      select guid, event, action, installation_id, repository_id, received_at, waited_ms, payload
      from counted where before < ${limitBytes - bytes} order by received_at, guid`.execute(db);
    for (const { payload, ...delivery } of rows) {
      bytes += Buffer.byteLength(payload);
      page.push({ ...delivery, payload: JSON.parse(payload) });
    }
  }
  return page;
}

/** How many of these deliveries still wait and are due. */
export async function countDue(db: Sql, guids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ due: number }>`select count(*) as due from webhook_deliveries
    where ${isDue} and guid = any(${guids}::uuid[])`.execute(db);
  return rows[0]?.due ?? 0;
}

/** Which deliveries of a repository are due, as many as are processed in one go, without their payloads. */
export async function pendingGuids(db: Sql, repositoryId: number): Promise<string[]> {
  const { rows } = await sql<{ guid: string }>`select guid from webhook_deliveries
    where ${isDue} and repository_id = ${repositoryId}
    order by received_at, guid limit ${DELIVERIES_AT_ONCE}`.execute(db);
  return rows.map(({ guid }) => guid);
}

/** Whether deliveries of a repository are due; those of `taken` aside, which are being processed. */
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

/**
 * What was delivered for an installation itself, without a repository, oldest first: what was put off too, as one
 * comparison covers all of it.
 */
export async function pendingInstallationDeliveries(
  db: Sql,
  installationId: number,
): Promise<PendingDelivery[]> {
  return readPage(
    db,
    sql`status = 'pending' and installation_id = ${installationId} and repository_id is null`,
  );
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
export async function recordDeliveryError(db: Sql, guids: readonly string[], error: string): Promise<void> {
  if (guids.length === 0) return;
  await sql`update webhook_deliveries set attempts = attempts + 1, tried_at = clock_timestamp(), error = ${error}
    where guid = any(${guids}::uuid[]) and status = 'pending'`.execute(db);
}
