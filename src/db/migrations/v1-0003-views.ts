import { Migration } from '@mikro-orm/migrations';

/** `repository_metrics` and `team_health` (docs/reference.md, "Views"): plain views, true at every moment. */
export class V10003Views extends Migration {
  override up(): void {
    this.addSql(`
      create view repository_metrics as
      select
        r.id as repository_id,
        c.commits_7d, c.commits_30d, c.commits_90d, c.contributors_30d, c.contributors_90d, l.last_commit_at,
        i.open_issues, p.open_pull_requests, i.stale_issues, i.issues_opened_30d, i.issues_closed_30d,
        p.pull_requests_opened_30d, p.pull_requests_merged_30d,
        i.median_hours_to_close_90d, p.median_hours_to_merge_90d, b.bus_factor_90d
      from repositories r
      cross join lateral (
        select
          (count(*) filter (where committed_at > now() - interval '7 days'))::int as commits_7d,
          (count(*) filter (where committed_at > now() - interval '30 days'))::int as commits_30d,
          count(*)::int as commits_90d,
          (count(distinct author_id) filter (where committed_at > now() - interval '30 days'))::int as contributors_30d,
          count(distinct author_id)::int as contributors_90d
        from commits
        where repository_id = r.id and orphaned_at is null
          and committed_at > now() - interval '90 days' and committed_at <= now()
      ) c
      cross join lateral (
        select max(committed_at) as last_commit_at from commits
        where repository_id = r.id and orphaned_at is null
      ) l
      cross join lateral (
        select
          (count(*) filter (where state = 'open'))::int as open_issues,
          (count(*) filter (where state = 'open' and updated_at < now() - interval '90 days'))::int as stale_issues,
          (count(*) filter (where created_at > now() - interval '30 days'))::int as issues_opened_30d,
          (count(*) filter (where closed_at > now() - interval '30 days'))::int as issues_closed_30d,
          (percentile_cont(0.5) within group (order by extract(epoch from closed_at - created_at) / 3600)
            filter (where closed_at > now() - interval '90 days'))::float8 as median_hours_to_close_90d
        from issues where repository_id = r.id and deleted_at is null
      ) i
      cross join lateral (
        select
          (count(*) filter (where state = 'open'))::int as open_pull_requests,
          (count(*) filter (where created_at > now() - interval '30 days'))::int as pull_requests_opened_30d,
          (count(*) filter (where merged_at > now() - interval '30 days'))::int as pull_requests_merged_30d,
          (percentile_cont(0.5) within group (order by extract(epoch from merged_at - created_at) / 3600)
            filter (where merged_at > now() - interval '90 days'))::float8 as median_hours_to_merge_90d
        from pull_requests where repository_id = r.id and deleted_at is null
      ) p
      cross join lateral (
        -- authors by commits, most first; the factor is how many come before half of the commits is reached
        select (count(*) filter (where before * 2 < total))::int as bus_factor_90d
        from (
          select sum(n) over (order by n desc, author_id) - n as before, sum(n) over () as total
          from (
            select author_id, count(*) as n from commits
            where repository_id = r.id and orphaned_at is null and author_id is not null
              and committed_at > now() - interval '90 days' and committed_at <= now()
            group by author_id
          ) authors
        ) ranked
      ) b
      where r.removed_at is null;
    `);
    this.addSql(`
      -- The score: the mean of the components that have data. A part without data (no issue closed, no pull
      -- request merged, no commit) is left out instead of counted as bad: a quiet team is not an unhealthy one.
      create view team_health as
      with totals as (
        select r.installation_id,
          sum(m.commits_30d)::int as commits_30d, sum(m.commits_90d)::int as commits_90d,
          sum(m.open_issues)::int as open_issues, sum(m.stale_issues)::int as stale_issues,
          sum(m.pull_requests_opened_30d)::int as opened, sum(m.pull_requests_merged_30d)::int as merged,
          percentile_cont(0.5) within group (order by m.median_hours_to_merge_90d) as hours_to_merge,
          percentile_cont(0.5) within group (order by m.median_hours_to_close_90d) as hours_to_close
        from repository_metrics m join repositories r on r.id = m.repository_id
        where r.installation_id is not null
        group by r.installation_id
      ), parts as (
        select t.*,
          -- this month's commits against the average month of the last three; steady or rising is 100
          case when commits_90d > 0 then least(100, 300.0 * commits_30d / commits_90d) end as activity,
          case when open_issues > 0 then 100.0 * (open_issues - stale_issues) / open_issues end as backlog,
          -- a day or less is 100, thirty days and more is 0, on a logarithmic scale
          case when hours_to_merge is not null
            then greatest(0, least(100, 100 * (1 - ln(greatest(hours_to_merge, 24) / 24) / ln(30)))) end as merging,
          case when hours_to_close is not null
            then greatest(0, least(100, 100 * (1 - ln(greatest(hours_to_close, 24) / 24) / ln(30)))) end as closing
        from totals t
      )
      select i.id as installation_id,
        (select round(avg(v)::numeric, 1)::float8
           from unnest(array[p.activity, p.backlog, p.merging, p.closing]::float8[]) v) as score,
        jsonb_build_object(
          'activity', jsonb_build_object('score', round(p.activity::numeric, 1),
            'commits_30d', coalesce(p.commits_30d, 0), 'commits_90d', coalesce(p.commits_90d, 0)),
          'backlog', jsonb_build_object('score', round(p.backlog::numeric, 1),
            'open_issues', coalesce(p.open_issues, 0), 'stale_issues', coalesce(p.stale_issues, 0)),
          'merging', jsonb_build_object('score', round(p.merging::numeric, 1),
            'median_hours_to_merge_90d', p.hours_to_merge),
          'closing', jsonb_build_object('score', round(p.closing::numeric, 1),
            'median_hours_to_close_90d', p.hours_to_close)
        ) as components
      from installations i left join parts p on p.installation_id = i.id
      where i.deleted_at is null;
    `);
  }
}
