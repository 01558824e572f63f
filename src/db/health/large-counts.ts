import { sql } from 'kysely';
import type { ErrorCode } from '../../errors.ts';
import type { JobStatus, JobType } from '../../model.ts';
import { failureCode } from '../deliveries/failure-code.ts';
import { shareCounted } from './share-counted.ts';
import type { Sql } from '../orm.ts';

/** Counts over the rows of tables that grow with every delivery. */
export interface LargeCounts {
  /** deliveries received within 24 hours */
  deliveries: () => Promise<{ status: string; n: number }[]>;
  /** deliveries received within 24 hours that failed */
  deliveryFailures: () => Promise<{ code: ErrorCode; n: number }[]>;
  /** pending deliveries, and for how long the oldest one has been: 0 without any */
  pending: () => Promise<{ n: number; oldestSeconds: number }>;
  /** jobs finished within 24 hours, and running ones */
  jobs: () => Promise<{ job_type: JobType; status: JobStatus; n: number }[]>;
  /** jobs that failed, partly or completely, and finished within 24 hours */
  failures: () => Promise<{ code: string; n: number }[]>;
  /** people with live commits in live repositories */
  contributors: () => Promise<number>;
}

/**
 * Each is counted again for every caller as long as that is cheap, and otherwise shared for a while
 * (`shareCounted`).
 */
export function createLargeCounts(db: Sql): LargeCounts {
  const pending = shareCounted(async () => {
    const at = performance.now();
    const { rows } = await sql<{ n: number; seconds: number | null }>`
      select count(*) as n,
        extract(epoch from now() - min(coalesce(requeued_at, received_at)))::float8 as seconds
      from webhook_deliveries where status = 'pending'`.execute(db);
    const value = { ...(rows[0] ?? { n: 0, seconds: null }), at };
    return { value, rows: value.n };
  });
  return {
    deliveries: shareCounted(async () => {
      const { rows } = await sql<{ status: string; n: number }>`
        select status, count(*) as n from webhook_deliveries
        where received_at > now() - interval '24 hours' group by status`.execute(db);
      return { value: rows, rows: total(rows) };
    }),
    // Separately from the others: a delivery's error is not indexed, and few fail.
    deliveryFailures: shareCounted(async () => {
      const { rows } = await sql<{ code: ErrorCode; n: number }>`
        select ${failureCode} as code, count(*) as n from webhook_deliveries
        where status = 'failed' and received_at > now() - interval '24 hours' group by code`.execute(db);
      return { value: rows, rows: total(rows) };
    }),
    pending: async () => {
      const { n, seconds, at } = await pending();
      return { n, oldestSeconds: seconds === null ? 0 : seconds + (performance.now() - at) / 1000 };
    },
    jobs: shareCounted(async () => {
      const { rows } = await sql<{ job_type: JobType; status: JobStatus; n: number }>`
        select job_type, status, count(*) as n from sync_jobs
        where finished_at > now() - interval '24 hours' group by job_type, status
        union all
        select job_type, status, count(*) from sync_jobs where status = 'running' group by job_type, status`.execute(
        db,
      );
      return { value: rows, rows: total(rows) };
    }),
    // Separately from `jobs`, which an index covers.
    failures: shareCounted(async () => {
      const { rows } = await sql<{ code: string; n: number }>`
        select coalesce(error ->> 'code', 'UNKNOWN') as code, count(*) as n from sync_jobs
        where status in ('failed', 'partial') and finished_at > now() - interval '24 hours' group by code`.execute(
        db,
      );
      return { value: rows, rows: total(rows) };
    }),
    contributors: shareCounted(() => countContributors(db)),
  };
}

function total(rows: readonly { n: number }[]): number {
  return rows.reduce((sum, { n }) => sum + n, 0);
}

/** People with live commits in live repositories, and how many rows it took to count them. */
async function countContributors(db: Sql): Promise<{ value: number; rows: number }> {
  const { rows } = await sql<{ live: number; looked_at: number }>`
    with people as (
      -- one look into an index for each, however many repositories they share in
      select count(*) as all, count(share.contributor_id) as sharing
      from contributors p left join lateral (
        select contributor_id from repository_contributors where contributor_id = p.id limit 1
      ) share on true
    ), gone as (
      select coalesce(sum(shares), 0)::bigint as shares, count(*) filter (where not exists (
        select from repository_contributors c join repositories r on r.id = c.repository_id and r.removed_at is null
        where c.contributor_id = of_removed.contributor_id)) as entirely
      from (
        select c.contributor_id, count(*) as shares
        from repositories r join repository_contributors c on c.repository_id = r.id
        where r.removed_at is not null group by c.contributor_id
      ) of_removed
    )
    -- each share of a removed repository may be read again on the way to a live one
    select people.sharing - gone.entirely as live, 2 * (people.all + gone.shares) as looked_at from people, gone`.execute(
    db,
  );
  const { live, looked_at: lookedAt } = rows[0] ?? { live: 0, looked_at: 0 };
  return { value: live, rows: lookedAt };
}
