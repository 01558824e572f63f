const DAYS_30 = `interval '30 days'`;
export const DAYS_90 = `interval '90 days'`;

/**
 * The view `repository_metrics` as v1-0073 and v1-0080 define it, which differ in how open issues are counted.
 *
 * @param open the columns `open_issues`, `open_pull_requests` and `stale_issues`, and what else they are read from
 */
export function repositoryMetrics(open: { columns: string; from: string }): string {
  return `
      create or replace view repository_metrics as
      select
        r.id as repository_id,
        d.commits_7d, d.commits_30d, c.commits_90d, c.contributors_30d, c.contributors_90d,
        (select max(committed_at) from commits where repository_id = r.id and orphaned_at is null) as last_commit_at,
        ${open.columns},
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
      ) d ${open.from}
      cross join lateral (
        select (count(*) filter (where closed_at > (select now() - ${DAYS_30})))::int as issues_closed_30d,
          percentile_cont(0.5) within group (order by date_part('epoch', closed_at - created_at) / 3600)
            as median_hours_to_close_90d
        from issues where repository_id = r.id and deleted_at is null and closed_at > now() - ${DAYS_90}
      ) x
      cross join lateral (
        select (count(*) filter (where merged_at > (select now() - ${DAYS_30})))::int as pull_requests_merged_30d,
          percentile_cont(0.5) within group (order by hours_to_merge) as median_hours_to_merge_90d,
          (count(*) filter (where not is_reviewed))::int as merged_without_review_90d
        from pull_request_figures where repository_id = r.id and merged_at > now() - ${DAYS_90}
      ) m
      left join repository_totals t on t.repository_id = r.id
      where r.removed_at is null;
`;
}
