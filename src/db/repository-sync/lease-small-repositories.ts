import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { requiredKindPermissions, type ByCounted } from '../../entities/index.ts';
import type { Probe } from '../../model.ts';
import { countedColumns, switches } from '../rows/counted-columns.ts';
import { sqlOf, type Orm } from '../orm.ts';
import { syncing } from '../repositories/sync-status.ts';
import { isFreeFor, leaseTo, ownerOfEach } from './lease-rows.ts';
import { createSharedLease, type SharedLease } from './shared-lease.ts';

/** A repository that was never compared, has no rows, and whose lists are a few pages long. */
export interface SmallRepository extends ByCounted<'has_', '', boolean> {
  id: number;
  full_name: string;
  default_branch: string;
  permissions: Record<string, string>;
  latest_probe: Probe;
  queuedAt: string;
}

export interface LeasedRepositories {
  repositories: SmallRepository[];
  lease: SharedLease;
}

/**
 * How many queued repositories are examined, so that the cost does not depend on the length of the queue. Those that
 * GitHub counts more rows of are passed over before that (about 2 µs each), however many are in front.
 */
const LOOKED_AT = 200;
/** Fewer are not worth handling together. */
const FEWEST = 4;
/** Rows that GitHub counts, over all kinds. */
const MOST_ROWS = 300;

const permissions = sql.val(requiredKindPermissions);
const probedCounts = countedColumns(
  (name) => sql`coalesce((s.probed ->> ${`${name}_count`}::text)::int, 0)`,
  sql` + `,
);
const anyTotal = countedColumns((name) => sql`${sql.ref(name)} <> 0`, sql` or `);

/**
 * Leases small repositories that are queued for their first comparison, all in one statement: none waits for
 * the others for longer than a few requests take. Two concurrent callers get different ones. Deliveries for a
 * repository are applied first, in their own round.
 *
 * @param owner each is leased as `owner/<id>`, so that `acquireLease` takes it over for the same one
 * @returns null if there are only a few
 */
export async function leaseSmallRepositories(
  orm: Orm,
  installationId: number,
  { except, owner, limit }: { except: readonly number[]; owner: string; limit: number },
): Promise<LeasedRepositories | null> {
  const token = randomUUID();
  const { rows: repositories } = await sql<SmallRepository>`
    with first as (
      select repository_id from repository_sync s
      where installation_id = ${installationId} and wanted_at is not null and wanted_mode = 'changes' and wanted_rounds = 0
        and ${probedCounts} <= ${MOST_ROWS} and not repository_id = any(${except}::bigint[])
      order by wanted_mode, wanted_rounds, wanted_at, repository_id limit ${LOOKED_AT}
    ), small as (
      select s.repository_id from first
      join repository_sync s on s.repository_id = first.repository_id
      join repositories r on r.id = s.repository_id
      join installations i on i.id = r.installation_id
      where r.installation_id = ${installationId} and r.removed_at is null and r.last_synced_at is null
        and r.head_sha is null and r.sync_status <> 'paused'
        and i.suspended_at is null and i.permissions ?& ${permissions}::text[]
        and s.wanted_mode = 'changes' and s.wanted_rounds = 0 and s.wanted_after is null
        and ${isFreeFor(ownerOfEach(owner))}
        and s.walks = '{}' and s.unread = '{}' and s.differences = '{}'
        and s.probed ->> 'head_sha' is not null and s.probed ->> 'default_branch' = r.default_branch
        and not exists (select 1 from webhook_deliveries where repository_id = r.id and status = 'pending')
        and not exists (select 1 from repository_totals
          where repository_id = r.id and (commits <> 0 or ${anyTotal}))
        and not exists (select 1 from branches where repository_id = r.id)
      limit ${limit} for no key update of s skip locked
    ), leased as (
      update repository_sync s set ${leaseTo(ownerOfEach(owner), token)}
      from small where s.repository_id = small.repository_id and (select count(*) from small) >= ${FEWEST}
      returning s.repository_id, s.probed, s.wanted_at
    ), shown as (
      ${syncing(sql`select repository_id from leased`)}
    )
    select r.id, r.full_name, r.default_branch, ${switches}, i.permissions, l.probed as latest_probe,
      l.wanted_at as "queuedAt"
    from leased l join repositories r on r.id = l.repository_id join installations i on i.id = r.installation_id`.execute(
    sqlOf(orm),
  );
  if (repositories.length === 0) return null;
  const ids = repositories.map(({ id }) => id);
  return { repositories, lease: createSharedLease(orm, token, ids) };
}
