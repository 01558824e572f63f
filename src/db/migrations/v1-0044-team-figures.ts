import { Migration } from '@mikro-orm/migrations';

/**
 * `review_load` and `team_health` with the same columns and figures as in v1-0026 and v1-0034. A bound that a filter asks for is
 * a query of its own, `(select now() - …)`, which PostgreSQL answers once and not for each row. Reviews and requests are summed
 * as one list: two lists that were joined counted as a row or two, and whoever joined them with people compared all with all.
 */
export class V10044TeamFigures extends Migration {
  override up(): void {
    this.addSql(`
      create or replace view review_load as
      select l.installation_id, l.contributor_id, l.reviews_30d, l.reviews_90d, l.pull_requests_reviewed_90d,
        l.open_review_requests
      from (
        select installation_id, contributor_id, sum(of_30d)::int as reviews_30d, sum(of_90d)::int as reviews_90d,
          sum(pull_requests)::int as pull_requests_reviewed_90d, sum(requests)::int as open_review_requests
        from (
          select r.installation_id, v.author_id as contributor_id, v.of_30d, v.of_90d, v.pull_requests, 0 as requests
          from repositories r
          cross join lateral (
            select w.author_id, count(*) as of_90d, count(distinct p.id) as pull_requests,
              count(*) filter (where w.submitted_at > (select now() - interval '30 days')) as of_30d
            from pull_request_reviews w
            join pull_requests p on p.repository_id = r.id and p.number = w.number and p.deleted_at is null
            where w.repository_id = r.id and w.deleted_at is null and w.submitted_at > now() - interval '90 days'
              and p.id = w.pull_request_id and coalesce(w.author_login, '') not like '%[bot]'
              and w.author_id is not null and w.author_id is distinct from p.author_id
            group by w.author_id
          ) v
          where r.removed_at is null and r.installation_id is not null
          union all
          select r.installation_id, person.id, 0, 0, 0, asked.times
          from repositories r
          cross join lateral (
            select login, count(*) as times
            from pull_requests p cross join lateral unnest(p.requested_reviewers) as asked (login)
            where p.repository_id = r.id and p.state = 'open' and p.deleted_at is null group by login
          ) asked
          cross join lateral (
            -- a login belongs to one account at a time: the one seen with it last
            select c.id from contributors c
            where md5(lower(c.login)) = md5(lower(asked.login)) and lower(c.login) = lower(asked.login)
              and c.github_id is not null
            order by c.profile_at desc, c.id limit 1
          ) person
          where r.removed_at is null and r.installation_id is not null
        ) reviewed_or_asked
        group by installation_id, contributor_id
      ) l
      join contributors c on c.id = l.contributor_id and c.type <> 'Bot' and coalesce(c.login, '') not like '%[bot]';
    `);
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
          select count(*) filter (where committed_at > (select now() - interval '30 days')) as commits_30d, count(*) as commits_90d
          from commits where repository_id = r.id and orphaned_at is null
            and committed_at > now() - interval '90 days' and committed_at <= now()
        ) c
        cross join lateral (
          select count(*) as open_issues,
            count(*) filter (where updated_at < (select now() - interval '90 days')) as stale_issues
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
