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

/** How many deliveries are processed at a time. */
export const DELIVERIES_AT_ONCE = 200;

interface PageSize {
  deliveries: number;
  /** of payloads, as JSON */
  bytes: number;
}

/**
 * How much is read at a time (GitHub sends up to 25 MB in one delivery): a worker holds at most 32 such pages,
 * besides the objects made from them.
 */
const PAGE: PageSize = { deliveries: DELIVERIES_AT_ONCE, bytes: 2_000_000 };
/** For several repositories together: an activity holds two such pages at a time. */
const SHARED_PAGE: PageSize = { deliveries: 500, bytes: 5_000_000 };
/** How many stored bytes are decompressed in one statement: they may be compressed up to a hundredfold. */
const CHUNK_STORED_BYTES = 400_000;

/**
 * Without the parts of a push that the plan of a round never reads: its commits, a list of up to megabytes, are
 * requested from GitHub. For a tag it reads the head commit.
 */
const plannedPayload = sql`case when event <> 'push' then payload
  when payload ->> 'ref' like 'refs/tags/%' then payload - 'commits' - 'head_commit'
    || jsonb_build_object('head_commit', jsonb_build_object('id', payload -> 'head_commit' -> 'id'))
  else payload - 'commits' - 'head_commit' end`;

const waitedMs = sql`extract(epoch from clock_timestamp() - received_at)::float8 * 1000 as waited_ms`;

/** The deliveries of a repository that are due, oldest first: one page, and at least one delivery. */
export async function pendingDeliveries(db: Sql, repositoryId: number): Promise<PendingDelivery[]> {
  return readPage(db, sql`${isDue} and repository_id = ${repositoryId}`, PAGE, (delivery) => delivery);
}

/**
 * The same for several repositories: one larger page in all.
 *
 * @param take receives each as soon as it is read. What it does not keep of a payload is gone at once: several hundred
 * that are held until all are read outlive V8's young generation
 */
export async function pendingDeliveriesOf(
  db: Sql,
  repositoryIds: readonly number[],
  take: (delivery: PendingDelivery) => void,
): Promise<void> {
  await readPage(db, sql`${isDue} and repository_id = any(${repositoryIds}::bigint[])`, SHARED_PAGE, take);
}

async function readPage<T>(
  db: Sql,
  which: RawBuilder<unknown>,
  { deliveries: limit, bytes: limitBytes }: PageSize,
  take: (delivery: PendingDelivery) => T,
): Promise<T[]> {
  const { rows: waiting } = await sql<{ guid: string; stored: number }>`
    select guid, pg_column_size(payload) as stored from webhook_deliveries
    where ${which} order by received_at, guid limit ${limit}`.execute(db);
  const page: T[] = [];
  for (let bytes = 0; waiting.length > 0 && bytes < limitBytes;) {
    const chunk = waiting.splice(0, 1);
    for (let stored = chunk[0]?.stored ?? 0; waiting[0] && stored + waiting[0].stored < CHUNK_STORED_BYTES;) {
      stored += waiting[0].stored;
      chunk.push(...waiting.splice(0, 1));
    }
    // As text, because PostgreSQL would otherwise serialize it again to count it.
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
    // Each text is released once it is read: while all are held, V8 moves them to the memory that it collects as a whole.
    for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
      const { payload, ...delivery } = row;
      bytes += Buffer.byteLength(payload);
      page.push(take({ ...delivery, payload: JSON.parse(payload) }));
    }
  }
  return page;
}

/** How many of these deliveries are still pending and due. */
export async function countDue(db: Sql, guids: readonly string[]): Promise<number> {
  const { rows } = await sql<{ due: number }>`select count(*) as due from webhook_deliveries
    where ${isDue} and guid = any(${guids}::uuid[])`.execute(db);
  return rows[0]?.due ?? 0;
}

/** Which deliveries of a repository are due, as many as are processed at a time, without their payloads. */
export async function pendingGuids(db: Sql, repositoryId: number): Promise<string[]> {
  const { rows } = await sql<{ guid: string }>`select guid from webhook_deliveries
    where ${isDue} and repository_id = ${repositoryId}
    order by received_at, guid limit ${DELIVERIES_AT_ONCE}`.execute(db);
  return rows.map(({ guid }) => guid);
}

/** Whether deliveries of a repository are due, except `taken`, which are being processed. */
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

/** Which of these repositories have deliveries that are due. */
export async function withPendingDeliveries(db: Sql, repositoryIds: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select distinct repository_id as id from webhook_deliveries
    where ${isDue} and repository_id = any(${repositoryIds}::bigint[])`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Deliveries for an installation itself, without a repository, oldest first, including postponed ones, because
 * one comparison covers all of them.
 */
export async function pendingInstallationDeliveries(
  db: Sql,
  installationId: number,
): Promise<PendingDelivery[]> {
  return readPage(
    db,
    sql`status = 'pending' and installation_id = ${installationId} and repository_id is null`,
    PAGE,
    (delivery) => delivery,
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

/**
 * Records why deliveries are still pending, if it is not their own fault: GitHub as a whole may not be asked.
 */
export async function recordDeliveryError(db: Sql, guids: readonly string[], error: string): Promise<void> {
  if (guids.length === 0) return;
  await sql`update webhook_deliveries set attempts = attempts + 1, tried_at = clock_timestamp(), error = ${error}
    where guid = any(${guids}::uuid[]) and status = 'pending'`.execute(db);
}
