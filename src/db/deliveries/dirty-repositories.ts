import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { isDue } from './due-deliveries.ts';

/** A repository of an installation with pending deliveries. */
export interface DirtyRepository {
  id: number;
  /** `owner/name` as far as it is known here */
  label: string | null;
  /** it has a row, was imported, and is live: only its deliveries are to be applied */
  isImported: boolean;
  /** its deliveries concern existing issues: usually GitHub need not be asked */
  isPlain: boolean;
}

/** How many of an installation's deliveries are examined: the oldest. */
const LOOKED_AT = 2000;

/**
 * Repositories of an installation with deliveries that are due, longest waiting first.
 *
 * @param except ids to leave out, however many deliveries they have
 */
export async function dirtyRepositories(
  db: Sql,
  installationId: number,
  { except, limit }: { except: readonly number[]; limit: number },
): Promise<DirtyRepository[]> {
  const { rows } = await sql<DirtyRepository>`
    with oldest as (
      select repository_id, received_at,
        event = 'issues' and action is distinct from 'deleted' and action is distinct from 'transferred' as is_plain
      from webhook_deliveries
      where ${isDue} and installation_id = ${installationId} and repository_id is not null
        and not repository_id = any(${except}::bigint[])
      order by received_at limit ${LOOKED_AT}
    ), dirty as (
      select repository_id, min(received_at) as since, bool_and(is_plain) as is_plain from oldest group by repository_id
      order by since, repository_id limit ${limit}
    )
    select d.repository_id as id, r.full_name as label,
      coalesce(r.removed_at is null and r.last_synced_at is not null, false) as "isImported",
      d.is_plain as "isPlain"
    from dirty d left join repositories r on r.id = d.repository_id
    order by d.since, d.repository_id`.execute(db);
  return rows;
}

/** Whether deliveries of an installation's repositories are due. */
export async function hasDirtyRepositories(db: Sql, installationId: number): Promise<boolean> {
  const { rows } = await sql`select 1 from webhook_deliveries
    where ${isDue} and installation_id = ${installationId} and repository_id is not null limit 1`.execute(db);
  return rows.length > 0;
}

/**
 * How many milliseconds ago an installation's last delivery was received; null if that is more than `withinMs`. By
 * `now()`, which a search in an index can begin with: with `clock_timestamp()`, which may differ for each row, every
 * delivery that is kept of the installation was read.
 */
export async function lastReceivedAgo(
  db: Sql,
  installationId: number,
  withinMs: number,
): Promise<number | null> {
  const { rows } = await sql<{ ms: number }>`
    select (1000 * extract(epoch from now() - received_at))::float8 as ms from webhook_deliveries
    where installation_id = ${installationId}
      and received_at > now() - ${withinMs}::float8 * interval '1 millisecond'
    order by received_at desc limit 1`.execute(db);
  return rows[0]?.ms ?? null;
}
