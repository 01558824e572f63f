import { sql } from 'kysely';
import type { Sql } from './orm.ts';

/** The properties of a PostgreSQL server that matter to this product. */
export interface ServerFacts {
  /** such as 180004 */
  version_number: number;
  version: string;
  database: string;
  /** a standby, or switched to read-only */
  read_only: boolean;
  /** how many connections this role may have in all, including open ones */
  connections: number;
  /** connected standbys */
  standbys: number;
  /**
   * how much the last of them has not replayed; null if this role may not see it, or this is a standby itself
   */
  lag_bytes: number | null;
}

export async function inspectServer(db: Sql): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`select
    current_setting('server_version_num')::int as version_number,
    split_part(current_setting('server_version'), ' ', 1) as version,
    current_database()::text as database,
    pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only,
    least(
      current_setting('max_connections')::int
        - case when rolsuper then 0 else current_setting('superuser_reserved_connections')::int
            + coalesce(current_setting('reserved_connections', true), '0')::int end,
      case when rolconnlimit < 0 or rolsuper then 1000000 else rolconnlimit end,
      (select case when datconnlimit < 0 then 1000000 else datconnlimit end
       from pg_database where datname = current_database())
    ) as connections,
    (select count(*)::int from pg_stat_replication) as standbys,
    case when not pg_is_in_recovery() then
      (select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) from pg_stat_replication)::float8
    end as lag_bytes
    from pg_roles where rolname = current_user`.execute(db);
  const facts = rows[0];
  if (facts === undefined) throw new Error('the role of this session is not listed');
  return facts;
}

/** The App that this database mirrors; null while none has used it. */
export async function boundAppId(db: Sql): Promise<number | null> {
  const { rows } = await sql<{ id: number | null }>`
    select (value ->> 'id')::bigint as id from system_state where name = 'app'`.execute(db);
  return rows[0]?.id ?? null;
}
