import { sql } from 'kysely';
import type { Probe } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { storedMode, type CompareMode } from './compare-mode.ts';

/** Puts repositories into the queue of comparisons, with what GitHub was just seen to show of each. */
export async function enqueueRepositories(
  tx: Sql,
  entries: readonly { id: number; probe: Probe | null }[],
  mode: CompareMode,
): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into repository_sync as s (repository_id, wanted_at, wanted_mode, probed)
    select id, now(), ${storedMode[mode]}, probe from json_to_recordset(${JSON.stringify(entries)}::json) as r(id bigint, probe jsonb)
    on conflict (repository_id) do update
      set wanted_at = now(), probed = excluded.probed, wanted_rounds = 0, wanted_after = null,
          wanted_mode = case when s.wanted_mode = 'everything' then s.wanted_mode else excluded.wanted_mode end`.execute(
    tx,
  );
}

/** Repositories of which GitHub shows nothing new: nothing was left to fetch. */
export async function markUnchanged(tx: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update repositories set last_synced_at = clock_timestamp()
    where id = any(${ids}::bigint[]) and removed_at is null`.execute(tx);
}

/**
 * Queues the full comparison of the repositories that have waited longest for it: as many as come to one
 * sweep when all are spread over the period.
 *
 * @param share the part of all live repositories that this sweep takes, 0-1
 */
export async function enqueueVerification(tx: Sql, share: number, olderThanMs: number): Promise<number> {
  const result = await sql`
    update repository_sync set wanted_at = coalesce(wanted_at, now()), wanted_mode = 'everything', wanted_rounds = 0, wanted_after = null
    where repository_id in (
      select s.repository_id from repository_sync s join repositories r on r.id = s.repository_id
      where r.removed_at is null and r.last_synced_at is not null and r.sync_status <> 'paused'
        and (s.verified_at is null or s.verified_at < now() - make_interval(secs => ${olderThanMs / 1000}))
      order by s.verified_at nulls first
      limit (select ceil(count(*) * ${share}::float8) from repositories where removed_at is null)
    )`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}
