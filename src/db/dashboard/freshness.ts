import { sql, type RawBuilder } from 'kysely';
import { errorTable } from '../../errors.ts';
import { lateAfterMs, type SweepSettings } from '../health/sweep-figures.ts';
import type { Sql } from '../orm.ts';

/**
 * The state of a repository as the dashboard shows it: `fresh`; `catching_up` (never compared in full yet, or
 * being compared); `late` (not compared for longer than sweeps can take to get to it, or delayed by something
 * transient); `needs_you` (an error that a person must fix); `paused`; `removed`.
 */
export type Freshness = 'fresh' | 'catching_up' | 'late' | 'needs_you' | 'paused' | 'removed';

const retryableCodes = Object.entries(errorTable).flatMap(([code, { retryable }]) =>
  retryable ? [code] : [],
);

/**
 * The freshness of the row `r` of `repositories`, as SQL. The bound is a subquery, evaluated once for all rows.
 */
export function freshness(settings: SweepSettings): RawBuilder<Freshness> {
  return sql<Freshness>`case
    when r.removed_at is not null then 'removed'
    when r.sync_status = 'paused' then 'paused'
    when r.sync_status = 'error' and not split_part(coalesce(r.sync_error, ''), ':', 1) = any(${retryableCodes}) then 'needs_you'
    when r.sync_status = 'error' then 'late'
    when r.sync_status in ('pending', 'syncing') or r.last_synced_at is null then 'catching_up'
    when r.last_synced_at < (select now() - ${lateAfterMs(settings)}::float8 * interval '1 millisecond') then 'late'
    else 'fresh' end`;
}

export type FreshnessCounts = Record<Exclude<Freshness, 'removed'>, number>;

/** The number of live repositories by freshness, of one installation or all. */
export async function countByFreshness(
  db: Sql,
  settings: SweepSettings,
  installationId?: number,
): Promise<FreshnessCounts> {
  const { rows } = await sql<{ state: keyof FreshnessCounts; count: number }>`
    select ${freshness(settings)} as state, count(*) as count from repositories r
    where r.removed_at is null
      and ${installationId === undefined ? sql`true` : sql`r.installation_id = ${installationId}`}
    group by 1`.execute(db);
  const counts: FreshnessCounts = { fresh: 0, catching_up: 0, late: 0, needs_you: 0, paused: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}
