import { Migration } from '@mikro-orm/migrations';
import { fillBySlice } from './fill-by-slice.ts';

/** Whether the author of a row is a person: no bot, which its login says as well. The login is a condition of indexes. */
const isPerson = (row: string) =>
  `coalesce(${row}.author_login, '') not like '%[bot]'
          and (${row}.author_id is null or not exists (select 1 from contributors b where b.id = ${row}.author_id and b.type = 'Bot'))`;

const DAYS_90 = `interval '90 days'`;

/**
 * `pull_request_metrics` and `repository_metrics` with the same columns and figures as in v1-0026; when a pull request was
 * looked at for the first time is at hand. Older processes read it as well.
 */
export class V10038FirstReviewFigures extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(
      fillBySlice({
        table: 'pull_request_first_reviews',
        ids: 'select id from pull_requests where id > last order by id limit 1000',
        write: 'write_first_reviews',
      }),
    );
    this.addSql('analyze pull_request_first_reviews');
    this.addSql(`
      set local lock_timeout = '1s';
      create or replace view pull_request_metrics as
      select
        p.id as pull_request_id, p.repository_id, f.first_review_at,
        extract(epoch from f.first_review_at - coalesce(p.ready_for_review_at, p.created_at))::float8 / 3600
          as hours_to_first_review,
        v.first_approval_at, v.reviews, v.reviewers,
        (
          -- asked for apart: the other figures of reviews are in an index
          select count(distinct w.commit_sha)::int from pull_request_reviews w
          where w.pull_request_id = p.id and w.deleted_at is null
            and w.author_id is distinct from p.author_id and ${isPerson('w')}
        ) as review_rounds,
        (
          select count(*)::int from issue_comments k
          where k.repository_id = p.repository_id and k.number = p.number and k.deleted_at is null
            and ${isPerson('k')}
        ) + (
          select count(*)::int from pull_request_review_comments k
          where k.pull_request_id = p.id and k.deleted_at is null and ${isPerson('k')}
        ) as comments,
        (
          select count(*)::int from pull_request_review_threads
          where pull_request_id = p.id and deleted_at is null and not resolved
        ) as unresolved_threads,
        p.additions + p.deletions as size,
        extract(epoch from p.merged_at - p.created_at)::float8 / 3600 as hours_to_merge,
        extract(epoch from p.created_at - p.first_commit_at)::float8 / 3600 as coding_hours
      from pull_requests p
      join repositories r on r.id = p.repository_id and r.removed_at is null
      left join pull_request_first_reviews f on f.pull_request_id = p.id
      left join lateral (
        select min(w.submitted_at) filter (where w.state = 'APPROVED') as first_approval_at,
          count(*)::int as reviews,
          count(distinct coalesce(w.author_id, 0))::int as reviewers
        from pull_request_reviews w
        where w.pull_request_id = p.id and w.deleted_at is null
          and w.author_id is distinct from p.author_id and ${isPerson('w')}
      ) v on true
      where p.deleted_at is null;
    `);
    this.addSql(`
      set local lock_timeout = '1s';
      create or replace view repository_metrics as
      select
        r.id as repository_id,
        c.commits_7d, c.commits_30d, c.commits_90d, c.contributors_30d, c.contributors_90d,
        (select max(committed_at) from commits where repository_id = r.id and orphaned_at is null) as last_commit_at,
        i.open_issues, p.open_pull_requests, i.stale_issues,
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
        (
        select count(*)::int from pull_requests p
        where p.repository_id = r.id and p.deleted_at is null and p.merged_at > now() - ${DAYS_90}
          and not exists (
            select 1 from pull_request_reviews w
            where w.pull_request_id = p.id and w.deleted_at is null
              and w.author_id is distinct from p.author_id and ${isPerson('w')}
          )
        ) as merged_without_review_90d,
        (
        select coalesce(sum(cardinality(requested_reviewers) + cardinality(requested_teams)), 0)::int
        from pull_requests where repository_id = r.id and deleted_at is null and state = 'open'
        ) as open_review_requests,
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
                count(*) filter (where committed_at > now() - interval '7 days') as of_7d,
                count(*) filter (where committed_at > now() - interval '30 days') as of_30d
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
          (count(*) filter (where updated_at < now() - ${DAYS_90}))::int as stale_issues
        from issues where repository_id = r.id and deleted_at is null and state = 'open'
      ) i
      cross join lateral (
        select (count(*) filter (where closed_at > now() - interval '30 days'))::int as issues_closed_30d,
          (percentile_cont(0.5) within group (order by extract(epoch from closed_at - created_at) / 3600))::float8
            as median_hours_to_close_90d
        from issues where repository_id = r.id and deleted_at is null and closed_at > now() - ${DAYS_90}
      ) x
      cross join lateral (
        select count(*)::int as open_pull_requests
        from pull_requests where repository_id = r.id and deleted_at is null and state = 'open'
      ) p
      cross join lateral (
        select (count(*) filter (where merged_at > now() - interval '30 days'))::int as pull_requests_merged_30d,
          (percentile_cont(0.5) within group (order by extract(epoch from merged_at - created_at) / 3600))::float8
            as median_hours_to_merge_90d
        from pull_requests where repository_id = r.id and deleted_at is null and merged_at > now() - ${DAYS_90}
      ) m
      where r.removed_at is null;
    `);
  }
}
