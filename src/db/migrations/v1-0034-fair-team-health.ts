import { Migration } from '@mikro-orm/migrations';

/** `team_health` counts neither a holiday nor a repository at rest against its team. */
export class V10034FairTeamHealth extends Migration {
  override up(): void {
    this.addSql(`
      -- The score: the mean of the parts that have data. A part without data (no issue closed, no pull request merged,
      -- no commit) is left out instead of counted as bad: a quiet team is not an unhealthy one.
      create or replace view team_health as
      select i.id as installation_id,
        (select round(avg(v)::numeric, 1)::float8
           from unnest(array[p.activity, p.backlog, p.merging, p.closing]::float8[]) v) as score,
        jsonb_build_object(
          'activity', jsonb_build_object('score', round(p.activity::numeric, 1),
            'commits_30d', t.commits_30d, 'commits_90d', t.commits_90d),
          'backlog', jsonb_build_object('score', round(p.backlog::numeric, 1),
            'open_issues', t.open_issues, 'stale_issues', t.stale_issues),
          'merging', jsonb_build_object('score', round(p.merging::numeric, 1),
            'median_hours_to_merge_90d', t.hours_to_merge),
          'closing', jsonb_build_object('score', round(p.closing::numeric, 1),
            'median_hours_to_close_90d', t.hours_to_close)
        ) as components
      from installations i
      cross join lateral (
        select
          coalesce(sum(c.commits_30d), 0)::int as commits_30d, coalesce(sum(c.commits_90d), 0)::int as commits_90d,
          coalesce(sum(o.open_issues), 0)::int as open_issues, coalesce(sum(o.stale_issues), 0)::int as stale_issues,
          percentile_cont(0.5) within group (order by m.hours) as hours_to_merge,
          percentile_cont(0.5) within group (order by x.hours) as hours_to_close
        from repositories r
        cross join lateral (
          select count(*) filter (where committed_at > now() - interval '30 days') as commits_30d, count(*) as commits_90d
          from commits where repository_id = r.id and orphaned_at is null
            and committed_at > now() - interval '90 days' and committed_at <= now()
        ) c
        cross join lateral (
          select count(*) as open_issues,
            count(*) filter (where updated_at < now() - interval '90 days') as stale_issues
          from issues where repository_id = r.id and deleted_at is null and state = 'open'
        ) o
        cross join lateral (
          select (percentile_cont(0.5) within group (order by extract(epoch from merged_at - created_at) / 3600))::float8
            as hours
          from pull_requests where repository_id = r.id and deleted_at is null and merged_at > now() - interval '90 days'
        ) m
        cross join lateral (
          select (percentile_cont(0.5) within group (order by extract(epoch from closed_at - created_at) / 3600))::float8
            as hours
          from issues where repository_id = r.id and deleted_at is null and closed_at > now() - interval '90 days'
        ) x
        where r.installation_id = i.id and r.removed_at is null
      ) t
      cross join lateral (
        select
          -- These 30 days' commits against the average month of the last three: that and more is 100, and whatever is
          -- less more than 50, for few commits make no bad team. 30 days without any are a holiday or an end: left out.
          case when t.commits_30d > 0 then least(100, 50 + 150.0 * t.commits_30d / t.commits_90d) end as activity,
          -- Where nobody has committed for 90 days nobody is expected to look after issues.
          case when t.open_issues > 0 and t.commits_90d > 0
            then 100.0 * (t.open_issues - t.stale_issues) / t.open_issues end as backlog,
          -- a day or less is 100, thirty days and more is 0, on a logarithmic scale
          case when t.hours_to_merge is not null
            then greatest(0, least(100, 100 * (1 - ln(greatest(t.hours_to_merge, 24) / 24) / ln(30)))) end as merging,
          case when t.hours_to_close is not null
            then greatest(0, least(100, 100 * (1 - ln(greatest(t.hours_to_close, 24) / 24) / ln(30)))) end as closing
      ) p
      where i.deleted_at is null;
    `);
  }
}
