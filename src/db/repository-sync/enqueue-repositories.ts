import { sql, type RawBuilder } from 'kysely';
import type { Probe } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { DRIFT } from './add-drift.ts';
import { isOfFullComparison } from './checkpoint-keys.ts';
import { lockedInOrder } from './lock-in-order.ts';
import { storedMode, type CompareMode } from './compare-mode.ts';

/** Queues repositories for comparison, with GitHub's latest answer about each. */
export async function enqueueRepositories(
  tx: Sql,
  entries: readonly { id: number; probe: Probe | null }[],
  mode: CompareMode,
): Promise<void> {
  if (entries.length === 0) return;
  // They are locked as they are inserted, one after the other: see `lockedInOrder`.
  const inOrder = entries.toSorted((a, b) => a.id - b.id);
  await sql`
    insert into repository_sync as s (repository_id, wanted_at, wanted_mode, probed)
    select id, now(), ${storedMode[mode]}, probe from json_to_recordset(${JSON.stringify(inOrder)}::json) as r(id bigint, probe jsonb)
    on conflict (repository_id) do update
      set wanted_at = now(), probed = excluded.probed, wanted_rounds = 0, wanted_after = null,
          walks = case when excluded.wanted_mode = 'everything' then ${ofNewVerification(sql`s`)} else s.walks end,
          wanted_mode = case when s.wanted_mode = 'everything' then s.wanted_mode else excluded.wanted_mode end`.execute(
    tx,
  );
}

/**
 * The checkpoints that a full comparison begins with. One that was given up has left marks of what it had read: with them
 * the next would pass over that, and call rows right which it has not compared. Of its drift the counts remain.
 */
function ofNewVerification(s: RawBuilder<unknown>) {
  return sql`case when ${s}.wanted_mode = 'everything' then ${s}.walks else (
    select coalesce(jsonb_object_agg(list, case list when ${DRIFT}::text then checkpoint - 'began_at' else checkpoint end), '{}')
    from jsonb_each(${s}.walks) as kept(list, checkpoint)
    where not ${isOfFullComparison(sql`list`)}) end`;
}

/** The part of the period after which a full comparison that was queued but not completed is due again. */
const TRIED_AGAIN = 1 / 4;

/**
 * Queues the full comparison of the repositories that have been due for longest: one sweep's share when all are
 * spread over the period. One whose comparison cannot be completed is due again sooner, but behind all that are
 * due by then, so that it takes no other's turn.
 *
 * @param share the part of all live repositories that this sweep takes, 0-1
 */
export async function enqueueVerification(tx: Sql, share: number, olderThanMs: number): Promise<number> {
  const due = sql`case when s.verification_queued_at > coalesce(s.verified_at, '-infinity')
    then s.verification_queued_at + make_interval(secs => ${(olderThanMs * TRIED_AGAIN) / 1000})
    else s.verified_at + make_interval(secs => ${olderThanMs / 1000}) end`;
  const result = await sql`
    update repository_sync set wanted_at = coalesce(wanted_at, now()), wanted_mode = 'everything', wanted_rounds = 0, wanted_after = null,
      walks = ${ofNewVerification(sql`repository_sync`)}, verification_queued_at = now()
    from ${lockedInOrder(sql`(
      select s.repository_id from repository_sync s join repositories r on r.id = s.repository_id
      where r.removed_at is null and r.last_synced_at is not null and r.sync_status <> 'paused'
        and coalesce(${due} < now(), true)
      order by ${due} nulls first, s.repository_id
      limit (select ceil(count(*) * ${share}::float8) from repositories where removed_at is null)
    ) longest join repository_sync s using (repository_id)`)} chosen
    where repository_sync.repository_id = chosen.repository_id`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}

/**
 * Of these repositories, about which GraphQL does not answer: those that were never compared at all, then those
 * whose last comparison without it was longest ago.
 */
export async function dueWithoutGraphql(db: Sql, ids: readonly number[], limit: number): Promise<number[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: number }>`
    with asked as (
      select r.id, s.without_graphql_at, r.last_synced_at is null and s.without_graphql_at is null as is_new
      from repositories r left join repository_sync s on s.repository_id = r.id where r.id = any(${ids}::bigint[])
    )
    select id from asked where is_new
    union all
    (select id from asked where not is_new order by without_graphql_at nulls first, id limit ${limit})`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}
