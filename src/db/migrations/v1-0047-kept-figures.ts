import { Migration } from '@mikro-orm/migrations';
import { fillBySlice } from './fill-by-slice.ts';

const DAYS_90 = `interval '90 days'`;

const fills = [
  {
    table: 'pull_request_figures',
    ids: 'select id from pull_requests where id > last order by id limit 1000',
    write: 'write_pull_request_figures',
  },
  {
    table: 'repository_totals',
    ids: 'select repository_id from repository_totals where repository_id > last order by repository_id limit 50',
    write: 'recount_open_pull_requests',
  },
];

/**
 * `pull_request_metrics` and `repository_metrics` with the same columns and figures as in v1-0038, from what is kept. A bound that
 * a filter asks for is a query of its own, which is answered once and not for each row.
 */
export class V10047KeptFigures extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const one of fills) this.addSql(fillBySlice(one));
    this.addSql('analyze pull_request_figures');
    this.addSql(`
      set local lock_timeout = '1s';
      create or replace view pull_request_metrics as
      select
        p.id as pull_request_id, p.repository_id, v.first_review_at,
        extract(epoch from v.first_review_at - coalesce(p.ready_for_review_at, p.created_at))::float8 / 3600
          as hours_to_first_review,
        f.first_approval_at, coalesce(f.reviews, 0) as reviews, coalesce(f.reviewers, 0) as reviewers,
        coalesce(f.review_rounds, 0) as review_rounds, coalesce(f.comments, 0) as comments,
        coalesce(f.unresolved_threads, 0) as unresolved_threads,
        p.additions + p.deletions as size,
        extract(epoch from p.merged_at - p.created_at)::float8 / 3600 as hours_to_merge,
        extract(epoch from p.created_at - p.first_commit_at)::float8 / 3600 as coding_hours
      from pull_requests p
      join repositories r on r.id = p.repository_id and r.removed_at is null
      left join pull_request_first_reviews v on v.pull_request_id = p.id
      left join pull_request_figures f on f.pull_request_id = p.id
      where p.deleted_at is null;
    `);
    this.addSql(`
      set local lock_timeout = '1s';
      create or replace view repository_metrics as
      select
        r.id as repository_id,
        c.commits_7d, c.commits_30d, c.commits_90d, c.contributors_30d, c.contributors_90d,
        (select max(committed_at) from commits where repository_id = r.id and orphaned_at is null) as last_commit_at,
        i.open_issues, coalesce(t.open_pull_requests, 0) as open_pull_requests, i.stale_issues,
        (
          select count(*)::int from issues
          where repository_id = r.id and deleted_at is null and created_at > now() - interval '30 days'
        ) as issues_opened_30d,
        x.issues_closed_30d,
        (
          select count(*)::int from pull_requests
          where repository_id = r.id and deleted_at is null and created_at > now() - interval '30 days'
        ) as pull_requests_opened_30d,
        m.pull_requests_merged_30d, x.median_hours_to_close_90d, m.median_hours_to_merge_90d, c.bus_factor_90d,
        (
          select (percentile_cont(0.5) within group (order by extract(epoch from first_review_at - waiting_since) / 3600))::float8
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
          coalesce(sum(of_7d), 0)::int as commits_7d, coalesce(sum(of_30d), 0)::int as commits_30d,
          coalesce(sum(made), 0)::int as commits_90d,
          coalesce(sum(active_30d), 0)::int as contributors_30d, coalesce(sum(authors), 0)::int as contributors_90d,
          -- of those with as many commits as each other the first ones, as long as what they and those before made is less
          coalesce(sum(least(authors, greatest(0, (total - 2 * before + 2 * each - 1) / (2 * each)))), 0)::int as bus_factor_90d
        from (
          select *, (sum(made) filter (where authors > 0) over ())::bigint as total,
            (sum(made) over (order by authors = 0, each desc rows unbounded preceding) - made)::bigint as before
          from (
            select of_90d as each, count(author_id) as authors, count(author_id) filter (where of_30d > 0) as active_30d,
              (of_90d * count(*))::bigint as made, sum(of_7d) as of_7d, sum(of_30d) as of_30d
            from (
              select author_id, count(*) as of_90d,
                count(*) filter (where committed_at > (select now() - interval '7 days')) as of_7d,
                count(*) filter (where committed_at > (select now() - interval '30 days')) as of_30d
              from commits
              where repository_id = r.id and orphaned_at is null
                and committed_at > now() - ${DAYS_90} and committed_at <= now()
              group by author_id
            ) of_authors
            group by author_id is null, of_90d
          ) alike
        ) ranked
      ) c
      cross join lateral (
        select count(*)::int as open_issues,
          (count(*) filter (where updated_at < (select now() - ${DAYS_90})))::int as stale_issues
        from issues where repository_id = r.id and deleted_at is null and state = 'open'
      ) i
      cross join lateral (
        select (count(*) filter (where closed_at > (select now() - interval '30 days')))::int as issues_closed_30d,
          (percentile_cont(0.5) within group (order by extract(epoch from closed_at - created_at) / 3600))::float8
            as median_hours_to_close_90d
        from issues where repository_id = r.id and deleted_at is null and closed_at > now() - ${DAYS_90}
      ) x
      cross join lateral (
        select (count(*) filter (where p.merged_at > (select now() - interval '30 days')))::int as pull_requests_merged_30d,
          (percentile_cont(0.5) within group (order by extract(epoch from p.merged_at - p.created_at) / 3600))::float8
            as median_hours_to_merge_90d,
          (count(*) filter (where coalesce(f.reviews, 0) = 0))::int as merged_without_review_90d
        from pull_requests p left join pull_request_figures f on f.pull_request_id = p.id
        where p.repository_id = r.id and p.deleted_at is null and p.merged_at > now() - ${DAYS_90}
      ) m
      left join repository_totals t on t.repository_id = r.id
      where r.removed_at is null;
    `);
  }
}
