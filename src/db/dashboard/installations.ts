import { sql, type RawBuilder } from 'kysely';
import type { SweepSettings } from '../health/sweep-figures.ts';
import type { Sql } from '../orm.ts';
import { pageOf } from '../page-of.ts';
import { freshness, type FreshnessCounts } from './freshness.ts';

export interface InstallationRow {
  id: number;
  account_login: string;
  account_type: string;
  repository_selection: string;
  permissions: Record<string, string>;
  events: string[];
  suspended_at: string | null;
  deleted_at: string | null;
  created_at: string;
  /** its live repositories by freshness */
  repositories: FreshnessCounts;
  commits: number;
  issues: number;
  pull_requests: number;
}

export interface InstallationFilter {
  limit: number;
  /** part of the account's login, case ignored */
  text?: string | undefined;
  /** only those that are suspended, or only those that are not */
  suspended?: boolean | undefined;
  after?: [login: string, id: number] | undefined;
}

/** One page of the installations that are not uninstalled, by account. */
export async function listInstallations(
  db: Sql,
  settings: SweepSettings,
  { limit, text, suspended, after }: InstallationFilter,
): Promise<{ installations: InstallationRow[]; next: [login: string, id: number] | null }> {
  const conditions: RawBuilder<unknown>[] = [sql`i.deleted_at is null`];
  if (text !== undefined) conditions.push(sql`strpos(lower(i.account_login), ${text.toLowerCase()}) > 0`);
  if (suspended !== undefined) conditions.push(sql`(i.suspended_at is not null) = ${suspended}`);
  if (after !== undefined)
    conditions.push(sql`(lower(i.account_login), i.id) > (${after[0]}, ${after[1]}::bigint)`);
  const rows = await read(db, settings, sql.join(conditions, sql` and `), limit + 1);
  const { page: installations, next } = pageOf(rows, limit, ({ account_login, id }): [string, number] => [
    account_login.toLowerCase(),
    id,
  ]);
  return { installations, next };
}

/** One installation, uninstalled or not, or null. */
export async function findInstallationRow(
  db: Sql,
  settings: SweepSettings,
  id: number,
): Promise<InstallationRow | null> {
  const [row] = await read(db, settings, sql`i.id = ${id}`, 1);
  return row ?? null;
}

async function read(
  db: Sql,
  settings: SweepSettings,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<InstallationRow[]> {
  const { rows } = await sql<InstallationRow>`
    with page as materialized (
      select * from installations i where ${condition} order by lower(i.account_login), i.id limit ${limit}
    ), counted as (
      -- the repositories of all of them at once: one by one, each might be a scan of everybody's
      select installation_id, count(*) filter (where state = 'fresh') as fresh,
        count(*) filter (where state = 'catching_up') as catching_up, count(*) filter (where state = 'late') as late,
        count(*) filter (where state = 'needs_you') as needs_you, count(*) filter (where state = 'paused') as paused,
        sum(commits)::bigint as commits, sum(issues)::bigint as issues, sum(pull_requests)::bigint as pull_requests
      from (
        select r.installation_id, ${freshness(settings)} as state, t.commits, t.issues, t.pull_requests
        from page p join repositories r on r.installation_id = p.id and r.removed_at is null
        left join repository_totals t on t.repository_id = r.id
        -- else each of the five counts asks for the state of each row again
        offset 0
      ) s group by installation_id
    )
    select p.id, p.account_login, p.account_type, p.repository_selection, p.permissions, p.events, p.suspended_at,
      p.deleted_at, p.created_at, coalesce(c.commits, 0) as commits, coalesce(c.issues, 0) as issues,
      coalesce(c.pull_requests, 0) as pull_requests,
      jsonb_build_object('fresh', coalesce(c.fresh, 0), 'catching_up', coalesce(c.catching_up, 0),
        'late', coalesce(c.late, 0), 'needs_you', coalesce(c.needs_you, 0), 'paused', coalesce(c.paused, 0)) as repositories
    from page p left join counted c on c.installation_id = p.id
    order by lower(p.account_login), p.id`.execute(db);
  return rows;
}
