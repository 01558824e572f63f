import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

export interface WaitingPullRequest {
  id: number;
  repository_id: number;
  full_name: string;
  number: number;
  title: string;
  draft: boolean;
  author_login: string | null;
  labels: string[];
  assignees: string[];
  base_ref: string;
  created_at: string;
  updated_at: string;
}

export interface PullRequestFilter {
  limit: number;
  installationId?: number | undefined;
  draft?: boolean | undefined;
  after?: [createdMicros: number, id: number] | undefined;
}

/** Open pull requests of live repositories, those open longest first. */
export async function listOpenPullRequests(
  db: Sql,
  filter: PullRequestFilter,
): Promise<{ pull_requests: WaitingPullRequest[]; next: [createdMicros: number, id: number] | null }> {
  const { after } = filter;
  const { rows } = await sql<WaitingPullRequest & { micros: number }>`
    select p.id, p.repository_id, r.full_name, p.number, left(p.title, 300) as title, p.draft, p.author_login, p.labels,
      p.assignees, p.base_ref, p.created_at, p.updated_at, (extract(epoch from p.created_at) * 1000000)::bigint as micros
    from pull_requests p join repositories r on r.id = p.repository_id
    where p.state = 'open' and p.deleted_at is null and r.removed_at is null
      and ${filter.installationId === undefined ? sql`true` : sql`r.installation_id = ${filter.installationId}`}
      and ${filter.draft === undefined ? sql`true` : sql`p.draft = ${filter.draft}`}
      and ${
        after === undefined
          ? sql`true`
          : sql`(p.created_at, p.id) > (timestamptz 'epoch' + ${after[0]}::bigint * interval '1 microsecond', ${after[1]}::bigint)`
      }
    order by p.created_at, p.id limit ${filter.limit + 1}`.execute(db);
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    pull_requests: page.map(({ micros: _micros, ...pull }) => pull),
    next: rows.length > page.length && last ? [last.micros, last.id] : null,
  };
}

/** A week's pull requests; `week` is the Monday (UTC) it begins on. */
export interface PullRequestWeek {
  week: string;
  opened: number;
  merged: number;
  median_hours_to_merge: number | null;
}

/** The last 26 weeks of an installation, or of all, oldest first. */
export async function listPullRequestWeeks(
  db: Sql,
  installationId: number | undefined,
): Promise<PullRequestWeek[]> {
  const begin = sql`(date_trunc('week', now() at time zone 'UTC') - interval '25 weeks') at time zone 'UTC'`;
  const live = sql`p.deleted_at is null and r.removed_at is null
    and ${installationId === undefined ? sql`true` : sql`r.installation_id = ${installationId}`}`;
  const { rows } = await sql<PullRequestWeek>`
    select to_char(w.week, 'YYYY-MM-DD') as week, coalesce(o.n, 0) as opened, coalesce(m.n, 0) as merged,
      m.hours as median_hours_to_merge
    from generate_series(
      date_trunc('week', now() at time zone 'UTC') - interval '25 weeks',
      date_trunc('week', now() at time zone 'UTC'), interval '1 week') as w (week)
    left join (
      select date_trunc('week', p.created_at at time zone 'UTC') as week, count(*)::int as n
      from pull_requests p join repositories r on r.id = p.repository_id
      where ${live} and p.created_at >= ${begin} group by 1
    ) o on o.week = w.week
    left join (
      select date_trunc('week', p.merged_at at time zone 'UTC') as week, count(*)::int as n,
        (percentile_cont(0.5) within group (order by extract(epoch from p.merged_at - p.created_at) / 3600))::float8 as hours
      from pull_requests p join repositories r on r.id = p.repository_id
      where ${live} and p.merged_at >= ${begin} group by 1
    ) m on m.week = w.week
    order by w.week`.execute(db);
  return rows;
}
