import { sql } from 'kysely';

/** The sweep's settings: its period, and how recently a repository must have been compared to be skipped. */
export interface SweepSettings {
  intervalMs: number;
  freshForMs: number;
}

/** A sweep may skip a repository once: one that was not compared for longer is late. */
export function lateAfterMs({ intervalMs, freshForMs }: SweepSettings): number {
  return Math.max(2 * intervalMs, intervalMs + freshForMs);
}

/** Whether a row of `repositories` counts as covered. The bound is a query of its own, evaluated once for all rows. */
export function isCovered(intervalMs: number) {
  return sql`sync_status <> 'error'
    and last_synced_at > (select now() - 2 * ${intervalMs}::float8 * interval '1 millisecond')`;
}

/**
 * Since a sweep was last completed; before the first one, since the database was made. One sweep works at a time: the last
 * that began is the last that ended.
 */
export const secondsWithoutSweep = sql`extract(epoch from now() - coalesce(
  (select finished_at from sync_jobs
   where job_type = 'periodic_sweep' and status in ('completed', 'partial')
   order by started_at desc limit 1),
  (select min(executed_at) from schema_migrations)))`;
