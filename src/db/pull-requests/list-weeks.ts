import { sql } from 'kysely';
import type { Sql } from '../orm.ts';
import { weeks, weeksBegin } from '../weeks.ts';

/** A week's pull requests; `week` is the Monday (UTC) it begins on. */
export interface PullRequestWeek {
  week: string;
  opened: number;
  merged: number;
  /** over those merged in it; null without any */
  median_hours_to_merge: number | null;
  /** over those first reviewed by another person in it; null without any */
  median_hours_to_first_review: number | null;
}

/** The last 26 weeks of one installation or all, oldest first. */
export async function listPullRequestWeeks(
  db: Sql,
  installationId: number | undefined,
): Promise<PullRequestWeek[]> {
  const liveRepository = sql`r.removed_at is null
    and ${installationId === undefined ? sql`true` : sql`r.installation_id = ${installationId}`}`;
  const live = sql`p.deleted_at is null and ${liveRepository}`;
  const { rows } = await sql<PullRequestWeek>`
    select to_char(w.week, 'YYYY-MM-DD') as week, coalesce(o.n, 0) as opened, coalesce(m.n, 0) as merged,
      m.hours as median_hours_to_merge, v.hours as median_hours_to_first_review
    from ${weeks}
    left join (
      select date_trunc('week', p.created_at at time zone 'UTC') as week, count(*)::int as n
      from pull_requests p join repositories r on r.id = p.repository_id
      where ${live} and p.created_at >= ${weeksBegin} group by 1
    ) o on o.week = w.week
    left join (
      select date_trunc('week', p.merged_at at time zone 'UTC') as week, count(*)::int as n,
        percentile_cont(0.5) within group (order by date_part('epoch', p.merged_at - p.created_at) / 3600) as hours
      from pull_requests p join repositories r on r.id = p.repository_id
      where ${live} and p.merged_at >= ${weeksBegin} group by 1
    ) m on m.week = w.week
    left join (
      select date_trunc('week', f.first_review_at at time zone 'UTC') as week,
        percentile_cont(0.5) within group (order by date_part('epoch', f.first_review_at - f.waiting_since) / 3600) as hours
      from pull_request_first_reviews f join repositories r on r.id = f.repository_id
      where ${liveRepository} and f.first_review_at >= ${weeksBegin}
      group by 1
    ) v on v.week = w.week
    order by w.week`.execute(db);
  return rows;
}
