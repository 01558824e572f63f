import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** A delivery that cannot be applied is given up after this many attempts, over at least an hour. */
const TRIES = 6;
const GIVEN_UP_SECONDS = 3600;
/** The delay after the first failure; it doubles after each further one, up to the longest. */
const RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 300;

/**
 * Records why deliveries cannot be applied, and postpones each at its own pace, so that nothing else waits for
 * them. One that was tried for an hour ends as `failed`: a dead letter, which a person may have applied again.
 *
 * @param error `CODE: message`
 * @returns the GUIDs of those that were given up now
 */
export async function holdDeliveries(db: Sql, guids: readonly string[], error: string): Promise<string[]> {
  if (guids.length === 0) return [];
  const isOver = sql`failures + 1 >= ${TRIES}
    and coalesce(requeued_at, received_at) < now() - make_interval(secs => ${GIVEN_UP_SECONDS})`;
  const { rows } = await sql<{ guid: string; status: string }>`update webhook_deliveries set
      attempts = attempts + 1, failures = failures + 1, tried_at = clock_timestamp(), error = ${error},
      retry_at = clock_timestamp() + make_interval(
        secs => least(${RETRY_SECONDS} * 2 ^ least(failures, 20), ${LONGEST_RETRY_SECONDS})),
      status = case when ${isOver} then 'failed' else status end,
      processed_at = case when ${isOver} then clock_timestamp() end
    where guid = any(${guids}::uuid[]) and status = 'pending'
    returning guid, status`.execute(db);
  return rows.filter(({ status }) => status === 'failed').map(({ guid }) => guid);
}

/** In how many milliseconds the first of a repository's postponed deliveries is due; null if there is none. */
export async function nextRetryMs(db: Sql, repositoryId: number): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select min(greatest(0, extract(epoch from retry_at - now()) * 1000))::float8 as ms
    from webhook_deliveries where status = 'pending' and repository_id = ${repositoryId}
      and retry_at is not null`.execute(db);
  const ms = rows[0]?.ms ?? null;
  return ms === null ? null : Math.ceil(ms);
}
