import { sql, type RawBuilder } from 'kysely';
import { errorTable } from '../../errors.ts';
import type { Sql } from '../orm.ts';

/**
 * How a repository stands, in the words people know: `fresh`; `catching_up` (never compared in full yet, or
 * being compared); `late` (not compared for longer than sweeps can take to come to it, or held up by something
 * that passes by itself); `needs_you` (an error that a person must end); `paused`; `removed`.
 */
export type Freshness = 'fresh' | 'catching_up' | 'late' | 'needs_you' | 'paused' | 'removed';

/** The sweep's settings: its period, and how recently compared a repository must be to be passed over. */
export interface SweepSettings {
  intervalMs: number;
  freshForMs: number;
}

const passing = Object.entries(errorTable).flatMap(([code, { retryable }]) => (retryable ? [code] : []));

/** The freshness of the row `r` of `repositories`, as SQL. The bound is a query of its own, which is answered once for all rows. */
export function freshness(settings: SweepSettings): RawBuilder<Freshness> {
  return sql<Freshness>`case
    when r.removed_at is not null then 'removed'
    when r.sync_status = 'paused' then 'paused'
    when r.sync_status = 'error' and not split_part(coalesce(r.sync_error, ''), ':', 1) = any(${passing}) then 'needs_you'
    when r.sync_status = 'error' then 'late'
    when r.sync_status in ('pending', 'syncing') or r.last_synced_at is null then 'catching_up'
    when r.last_synced_at < (select now() - ${lateAfterMs(settings)}::float8 * interval '1 millisecond') then 'late'
    else 'fresh' end`;
}

/** A sweep may pass a repository over once: after this it is late. The same bound as in `health`. */
function lateAfterMs({ intervalMs, freshForMs }: SweepSettings): number {
  return Math.max(2 * intervalMs, intervalMs + freshForMs);
}

export type FreshnessCounts = Record<Exclude<Freshness, 'removed'>, number>;

/** Live repositories by freshness, of one installation or of all. */
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
