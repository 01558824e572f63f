import { sql } from 'kysely';
import type { Sql } from './orm.ts';
import { pageOf } from './page-of.ts';
import { weeks, weeksBegin } from './weeks.ts';

/** A row of the view `repository_metrics`. */
export interface RepositoryMetrics {
  repository_id: number;
  commits_7d: number;
  commits_30d: number;
  commits_90d: number;
  contributors_30d: number;
  contributors_90d: number;
  last_commit_at: string | null;
  open_issues: number;
  open_pull_requests: number;
  stale_issues: number;
  issues_opened_30d: number;
  issues_closed_30d: number;
  pull_requests_opened_30d: number;
  pull_requests_merged_30d: number;
  median_hours_to_close_90d: number | null;
  median_hours_to_merge_90d: number | null;
  bus_factor_90d: number;
  median_hours_to_first_review_90d: number | null;
  merged_without_review_90d: number;
  open_review_requests: number;
  unresolved_threads: number;
  releases_90d: number;
}

export interface Week {
  week: string;
  commits: number;
  issues_opened: number;
  issues_closed: number;
  pull_requests_opened: number;
  pull_requests_merged: number;
}

export interface TeamHealth {
  installation_id: number;
  score: number | null;
  components: Record<string, Record<string, number | null>>;
}

export interface ActiveContributor {
  contributor_id: number;
  login: string | null;
  name: string | null;
  avatar_url: string | null;
  commits: number;
}

/** The metrics of a live repository, or null. */
export async function findRepositoryMetrics(
  db: Sql,
  repositoryId: number,
): Promise<RepositoryMetrics | null> {
  const { rows } = await sql<RepositoryMetrics>`
    select * from repository_metrics where repository_id = ${repositoryId}`.execute(db);
  return rows[0] ?? null;
}

/**
 * The last 26 weeks, oldest first, each named by the Monday (UTC) it begins on. The last one is the current
 * week.
 */
export async function listWeeks(db: Sql, repositoryId: number): Promise<Week[]> {
  const perWeek = (table: string, column: string, live: string) => sql`
    left join (
      select date_trunc('week', ${sql.ref(column)} at time zone 'UTC') as week, count(*)::int as n
      from ${sql.table(table)}
      where repository_id = ${repositoryId} and ${sql.ref(live)} is null
        and ${sql.ref(column)} >= ${weeksBegin}
      group by 1
    )`;
  const { rows } = await sql<Week>`
    select to_char(w.week, 'YYYY-MM-DD') as week, coalesce(c.n, 0) as commits, coalesce(o.n, 0) as issues_opened,
      coalesce(x.n, 0) as issues_closed, coalesce(p.n, 0) as pull_requests_opened,
      coalesce(m.n, 0) as pull_requests_merged
    from ${weeks}
    ${perWeek('commits', 'committed_at', 'orphaned_at')} c on c.week = w.week
    ${perWeek('issues', 'created_at', 'deleted_at')} o on o.week = w.week
    ${perWeek('issues', 'closed_at', 'deleted_at')} x on x.week = w.week
    ${perWeek('pull_requests', 'created_at', 'deleted_at')} p on p.week = w.week
    ${perWeek('pull_requests', 'merged_at', 'deleted_at')} m on m.week = w.week
    order by w.week`.execute(db);
  return rows;
}

/** The health of an installation that is not uninstalled, or null. */
export async function findTeamHealth(db: Sql, installationId: number): Promise<TeamHealth | null> {
  const { rows } = await sql<TeamHealth>`
    select * from team_health where installation_id = ${installationId}`.execute(db);
  return rows[0] ?? null;
}

/**
 * Live commits of the last 90 days, queried per repository: the index `commits_time` answers that without
 * reading rows, while a scan of all commits would include other installations'.
 */
const recent = sql`orphaned_at is null and committed_at > now() - interval '90 days' and committed_at <= now()`;

/** Where a page of repositories ended. */
export interface ActivityPosition {
  commits: number;
  id: number;
}

/** The installation's live repositories, those with the most commits in 90 days first, then by id. */
export async function listMostActive(
  db: Sql,
  installationId: number,
  { limit, after }: { limit: number; after: ActivityPosition | undefined },
): Promise<{ repositories: (RepositoryMetrics & { full_name: string })[]; next: ActivityPosition | null }> {
  const { rows } = await sql<RepositoryMetrics & { full_name: string }>`
    with page as materialized (
      select r.id, r.full_name, c.commits
      from repositories r
      cross join lateral (
        select count(*) as commits from commits where repository_id = r.id and ${recent}
      ) c
      where r.installation_id = ${installationId} and r.removed_at is null
        and ${after === undefined ? sql`true` : sql`(-c.commits, r.id) > (${-after.commits}::bigint, ${after.id}::bigint)`}
      order by c.commits desc, r.id limit ${limit + 1}
    )
    select m.*, p.full_name from page p
    cross join lateral (select * from repository_metrics where repository_id = p.id) m
    order by p.commits desc, p.id`.execute(db);
  const { page: repositories, next } = pageOf(rows, limit, (last): ActivityPosition => ({
    commits: last.commits_90d,
    id: last.repository_id,
  }));
  return { repositories, next };
}

/** The 20 people and bots with the most live commits in 90 days in an installation's live repositories. */
export async function listMostActiveContributors(
  db: Sql,
  installationId: number,
): Promise<ActiveContributor[]> {
  const { rows } = await sql<ActiveContributor>`
    select a.contributor_id, c.login, c.name, c.avatar_url, a.commits
    from (
      select m.author_id as contributor_id, count(*)::int as commits
      from repositories r
      cross join lateral (
        select author_id from commits where repository_id = r.id and ${recent} and author_id is not null offset 0
      ) m
      where r.installation_id = ${installationId} and r.removed_at is null
      group by m.author_id order by commits desc, m.author_id limit 20
    ) a cross join lateral (
      select login, name, avatar_url from contributors where id = a.contributor_id limit 1
    ) c
    order by a.commits desc, a.contributor_id`.execute(db);
  return rows;
}
