import { Migration } from '@mikro-orm/migrations';

const DAYS_30 = `interval '30 days'`;
const DAYS_90 = `interval '90 days'`;

const PULL_REQUEST_METRICS = `
      create or replace view pull_request_metrics as
      select
        p.id as pull_request_id, p.repository_id, v.first_review_at,
        date_part('epoch', v.first_review_at - coalesce(p.ready_for_review_at, p.created_at)) / 3600 as hours_to_first_review,
        f.first_approval_at, coalesce(f.reviews, 0) as reviews, coalesce(f.reviewers, 0) as reviewers,
        coalesce(f.review_rounds, 0) as review_rounds, coalesce(f.comments, 0) as comments,
        coalesce(f.unresolved_threads, 0) as unresolved_threads,
        p.additions + p.deletions as size,
        date_part('epoch', p.merged_at - p.created_at) / 3600 as hours_to_merge,
        date_part('epoch', p.created_at - p.first_commit_at) / 3600 as coding_hours
      from pull_requests p
      join repositories r on r.id = p.repository_id and r.removed_at is null
      left join pull_request_first_reviews v on v.pull_request_id = p.id
      left join pull_request_figures f on f.pull_request_id = p.id
      where p.deleted_at is null;
`;

const REPOSITORY_METRICS = `
      create or replace view repository_metrics as
      select
        r.id as repository_id,
        d.commits_7d, d.commits_30d, c.commits_90d, c.contributors_30d, c.contributors_90d,
        (select max(committed_at) from commits where repository_id = r.id and orphaned_at is null) as last_commit_at,
        i.open_issues, coalesce(t.open_pull_requests, 0) as open_pull_requests, i.stale_issues,
        (
          select count(*)::int from issues
          where repository_id = r.id and deleted_at is null and created_at > now() - ${DAYS_30}
        ) as issues_opened_30d,
        x.issues_closed_30d,
        (
          select count(*)::int from pull_requests
          where repository_id = r.id and deleted_at is null and created_at > now() - ${DAYS_30}
        ) as pull_requests_opened_30d,
        m.pull_requests_merged_30d, x.median_hours_to_close_90d, m.median_hours_to_merge_90d, c.bus_factor_90d,
        (
          select percentile_cont(0.5) within group (order by date_part('epoch', first_review_at - waiting_since) / 3600)
          from pull_request_first_reviews where repository_id = r.id and first_review_at > now() - ${DAYS_90}
        ) as median_hours_to_first_review_90d,
        m.merged_without_review_90d, coalesce(t.open_review_requests, 0) as open_review_requests,
        (
        -- those of a pull request that is gone are gone with it
        select count(*)::int from pull_request_review_threads
        where repository_id = r.id and deleted_at is null and not resolved
        ) as unresolved_threads,
        (
        select count(*)::int from releases
        where repository_id = r.id and deleted_at is null
          and published_at > now() - ${DAYS_90} and published_at <= now()
        ) as releases_90d
      from repositories r
      cross join lateral (
        -- authors by how many commits each made, most first; the bus factor is how many come before half of them all
        select
          coalesce(sum(each * (authors + unknown)), 0)::int as commits_90d,
          coalesce(sum(active_30d), 0)::int as contributors_30d, coalesce(sum(authors), 0)::int as contributors_90d,
          -- of those with as many commits as each other the first ones, as long as what they and those before made is less
          coalesce(sum(least(authors, greatest(0, (total - 2 * before + 2 * each - 1) / (2 * each)))), 0)::int as bus_factor_90d
        from (
          select *, (sum(each * authors) over ())::bigint as total,
            (sum(each * authors) over (order by each desc rows unbounded preceding) - each * authors)::bigint as before
          from (
            -- commits without an address have no author: one of these groups may be theirs
            select made as each, count(author_id) as authors, count(*) - count(author_id) as unknown,
              count(author_id) filter (where last_at > (select now() - ${DAYS_30})) as active_30d
            from (
              select author_id, count(*) as made, max(committed_at) as last_at
              from commits
              where repository_id = r.id and orphaned_at is null
                and committed_at > now() - ${DAYS_90} and committed_at <= now()
              group by author_id
            ) of_authors
            group by made
          ) alike
        ) ranked
      ) c
      cross join lateral (
        select count(*)::int as commits_30d,
          (count(*) filter (where committed_at > (select now() - interval '7 days')))::int as commits_7d
        from commits
        where repository_id = r.id and orphaned_at is null
          and committed_at > now() - ${DAYS_30} and committed_at <= now()
      ) d
      cross join lateral (
        select count(*)::int as open_issues,
          (count(*) filter (where updated_at < (select now() - ${DAYS_90})))::int as stale_issues
        from issues where repository_id = r.id and deleted_at is null and state = 'open'
      ) i
      cross join lateral (
        select (count(*) filter (where closed_at > (select now() - ${DAYS_30})))::int as issues_closed_30d,
          percentile_cont(0.5) within group (order by date_part('epoch', closed_at - created_at) / 3600)
            as median_hours_to_close_90d
        from issues where repository_id = r.id and deleted_at is null and closed_at > now() - ${DAYS_90}
      ) x
      cross join lateral (
        select (count(*) filter (where p.merged_at > (select now() - ${DAYS_30})))::int as pull_requests_merged_30d,
          percentile_cont(0.5) within group (order by date_part('epoch', p.merged_at - p.created_at) / 3600)
            as median_hours_to_merge_90d,
          (count(*) - count(f.is_reviewed))::int as merged_without_review_90d
        from pull_requests p left join lateral (
          select true as is_reviewed from pull_request_figures
          where repository_id = r.id and pull_request_id = p.id and reviews > 0 limit 1
        ) f on true
        where p.repository_id = r.id and p.deleted_at is null and p.merged_at > now() - ${DAYS_90}
      ) m
      left join repository_totals t on t.repository_id = r.id
      where r.removed_at is null;
`;

const TEAM_HEALTH = `
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
          select count(*) filter (where committed_at > (select now() - ${DAYS_30})) as commits_30d, count(*) as commits_90d
          from commits where repository_id = r.id and orphaned_at is null
            and committed_at > now() - ${DAYS_90} and committed_at <= now()
        ) c
        cross join lateral (
          select count(*) as open_issues,
            count(*) filter (where updated_at < (select now() - ${DAYS_90})) as stale_issues
          from issues where repository_id = r.id and deleted_at is null and state = 'open'
        ) o
        cross join lateral (
          select percentile_cont(0.5) within group (order by date_part('epoch', merged_at - created_at) / 3600) as hours
          from pull_requests where repository_id = r.id and deleted_at is null and merged_at > now() - ${DAYS_90}
        ) m
        cross join lateral (
          select percentile_cont(0.5) within group (order by date_part('epoch', closed_at - created_at) / 3600) as hours
          from issues where repository_id = r.id and deleted_at is null and closed_at > now() - ${DAYS_90}
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
`;

/**
 * The views of v1-0044 and v1-0047 with the same columns and figures, for less. Hours are floating-point numbers from the beginning:
 * `extract` gives exact decimals, which are divided, written out and read again for each row. Of an author only the number of
 * commits and the last one are kept while they are grouped. Pull requests merged without a review are found by v1-0053.
 */
export class V10054PlainHours extends Migration {
  override up(): void {
    this.addSql(PULL_REQUEST_METRICS);
    this.addSql(REPOSITORY_METRICS);
    this.addSql(TEAM_HEALTH);
  }
}
