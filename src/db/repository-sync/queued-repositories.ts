import { sql } from 'kysely';
import { eachKey } from '../each-key.ts';
import type { Probe } from '../../model.ts';
import { inTransaction, type Orm, type Sql } from '../orm.ts';
import { isFreeFor, ownerOfEach } from './lease-rows.ts';
import type { ListDifference } from './repository-state.ts';
import type { ByCounted } from '../../entities/index.ts';
import { liveTotals, switches } from '../rows/counted-columns.ts';
import { compareMode, storedMode, type CompareMode } from './compare-mode.ts';

export interface ListedRepository extends ByCounted<'has_', '', boolean>, ByCounted<'', '_count', number> {
  id: number;
  node_id: string;
  full_name: string;
  installation_id: number | null;
  head_sha: string | null;
  /** false: never compared in full, or its last comparison failed, or a suspension ended */
  imported: boolean;
  fresh: boolean;
  applied_probe: Probe | null;
  differences: Record<string, ListDifference>;
  /** the detail of some pull request could not be read: it is requested again */
  lacks_details: boolean;
}

const PAGE = 1000;

/**
 * The live repositories of an installation, page by page. `fresh`: compared less than `freshForMs` ago. Only
 * their ids are read at once: selecting pages by id alone would sort the whole installation for each.
 */
export async function* liveRepositories(
  db: Sql,
  installationId: number,
  freshForMs: number,
): AsyncGenerator<ListedRepository[]> {
  const { rows: all } = await sql<{ id: number }>`select id from repositories
    where installation_id = ${installationId} and removed_at is null order by id`.execute(db);
  for (let from = 0; from < all.length; from += PAGE) {
    const ids = all.slice(from, from + PAGE).map(({ id }) => id);
    const { rows } = await sql<ListedRepository>`
      select r.id, r.node_id, r.full_name, r.installation_id, r.head_sha, ${switches},
        r.last_synced_at is not null and r.sync_status = 'fresh' as imported,
        coalesce(r.last_synced_at > now() - make_interval(secs => ${freshForMs / 1000}), false)
          and r.sync_status = 'fresh' as fresh,
        s.seen as applied_probe, coalesce(s.differences, '{}') as differences,
        coalesce(s.unread ? 'pull_request_details', false) as lacks_details, ${liveTotals}
      from (select found.* from ${liveOf(installationId, ids)}) r
      left join repository_sync s on s.repository_id = r.id
      left join repository_totals t on t.repository_id = r.id
      order by r.id`.execute(db);
    yield rows;
  }
}

/** Which of these are live repositories of the installation. */
export async function liveAmong(db: Sql, installationId: number, ids: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from ${liveOf(installationId, ids)}`.execute(db);
  return rows.map(({ id }) => id);
}

/** What follows `from`: `found`, those of these repositories. */
function liveOf(installationId: number, ids: readonly number[]) {
  return sql`${eachKey('repositories', ['id', 'bigint'], ids)}
    where installation_id = ${installationId} and removed_at is null`;
}

/** A queued repository. */
export interface QueuedRepository {
  id: number;
  mode: CompareMode;
  queuedAt: string;
  /** it was never compared in full */
  isNew: boolean;
}

/**
 * The next queued repositories, those begun least often first, in the order of their index: however many are
 * queued, it reads only those it returns and those it skips. One that a dead attempt of the same `owner` still
 * holds is included.
 *
 * @param options.compared are taken only for their further kinds
 */
export async function nextQueued(
  orm: Orm,
  installationId: number,
  options: { except: readonly number[]; compared: readonly number[]; owner: string; limit: number },
): Promise<QueuedRepository[]> {
  return inTransaction(orm, async (tx) => {
    // With old statistics the planner expects an empty queue, and would sort all of it instead.
    await sql`set local enable_sort = off`.execute(tx);
    await sql`set local enable_bitmapscan = off`.execute(tx);
    const { rows } = await sql<QueuedRepository>`
      select s.repository_id as id, ${compareMode(sql`s.wanted_mode`)} as mode, s.wanted_at as "queuedAt",
        live.is_new as "isNew"
      from repository_sync s
      cross join lateral (
        select last_synced_at is null as is_new from repositories
        where id = s.repository_id and removed_at is null limit 1
      ) live
      where s.installation_id = ${installationId} and s.wanted_at is not null
        and ${isFreeFor(ownerOfEach(options.owner))}
        and (s.wanted_after is null or s.wanted_after <= now())
        and not s.repository_id = any(${options.except}::bigint[])
        and (s.wanted_mode = ${storedMode.backfill} or not s.repository_id = any(${options.compared}::bigint[]))
      order by s.wanted_mode, s.wanted_rounds, s.wanted_at, s.repository_id
      limit ${options.limit}`.execute(tx);
    return rows;
  });
}

export interface QueueCount {
  queued: number;
  backfills: number;
  afterMs: number;
}

/**
 * How many are queued, how many of these only for kinds that were never read in full (`backfills`), and in how
 * many milliseconds the first of them may be begun.
 */
export async function countQueued(db: Sql, installationId: number): Promise<QueueCount> {
  const { rows } = await sql<QueueCount>`
    select count(*) as queued, count(*) filter (where s.wanted_mode = ${storedMode.backfill}) as backfills,
      coalesce(ceil(1000 * extract(epoch from
      min(greatest(s.wanted_after, now())) - now()))::float8, 0) as "afterMs"
    from repository_sync s join repositories r on r.id = s.repository_id
    where s.installation_id = ${installationId} and r.removed_at is null and s.wanted_at is not null`.execute(
    db,
  );
  return rows[0] ?? { queued: 0, backfills: 0, afterMs: 0 };
}
