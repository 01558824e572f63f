import { sql } from 'kysely';
import type { SweepSettings } from '../health/sweep-figures.ts';
import type { Sql } from '../orm.ts';
import { freshness, type Freshness } from './freshness.ts';

export interface RepositoryRow {
  id: number;
  full_name: string;
  installation_id: number | null;
  account_login: string | null;
  private: boolean;
  archived: boolean;
  fork: boolean;
  description: string | null;
  language: string | null;
  topics: string[];
  stargazers_count: number;
  forks_count: number;
  default_branch: string;
  head_sha: string | null;
  freshness: Freshness;
  sync_status: string;
  sync_error: string | null;
  last_synced_at: string | null;
  verified_at: string | null;
  verified: { rows: number; healed: Record<string, number> } | null;
  pushed_at: string | null;
  removed_at: string | null;
  removed_reason: string | null;
  commits: number;
  issues: number;
  pull_requests: number;
  branches: number;
  contributors: number;
  pending_deliveries: number;
}

/** The result of the last full comparison: the number of rows, and those repaired per table. */
const verified = sql`case when s.verified is not null then jsonb_build_object(
  'rows', coalesce((select sum(value::bigint) from jsonb_each_text(s.verified -> 'compared')),
    (s.verified ->> 'rows')::bigint, 0),
  'healed', coalesce(s.verified -> 'healed', '{}')) end`;

/** A repository, live or removed, or null. */
export async function findRepositoryRow(
  db: Sql,
  settings: SweepSettings,
  id: number,
): Promise<RepositoryRow | null> {
  const { rows } = await sql<RepositoryRow>`
    select r.id, r.full_name, r.installation_id, i.account_login, r.private, r.archived, r.fork, r.description,
      r.language, r.topics, r.stargazers_count, r.forks_count, r.default_branch, r.head_sha,
      ${freshness(settings)} as freshness, r.sync_status, r.sync_error, r.last_synced_at, s.verified_at, ${verified} as verified,
      r.pushed_at, r.removed_at, r.removed_reason, coalesce(t.commits, 0) as commits, coalesce(t.issues, 0) as issues,
      coalesce(t.pull_requests, 0) as pull_requests,
      (select count(*) from branches where repository_id = r.id and deleted_at is null) as branches,
      (select count(*) from repository_contributors where repository_id = r.id) as contributors,
      (select count(*) from webhook_deliveries where repository_id = r.id and status = 'pending') as pending_deliveries
    from repositories r
    left join installations i on i.id = r.installation_id
    left join repository_sync s on s.repository_id = r.id
    left join repository_totals t on t.repository_id = r.id
    where r.id = ${id}`.execute(db);
  return rows[0] ?? null;
}
