import { Migration } from '@mikro-orm/migrations';

/** Whether the author of a row is a person: no bot, which its login says as well. The login is a condition of indexes. */
const isPerson = (row: string) =>
  `coalesce(${row}.author_login, '') not like '%[bot]'
          and (${row}.author_id is null or not exists (select 1 from contributors b where b.id = ${row}.author_id and b.type = 'Bot'))`;

const DAYS_90 = `interval '90 days'`;

/**
 * The views of v1-0017 with the same columns and figures, each figure from the one index that has all of it (v1-0025): an
 * aggregate over all issues of a repository looked at every row for the few that are open or were closed lately.
 */
export class V10026ReviewFigures extends Migration {
  override up(): void {
    this.addSql(`
      create or replace view pull_request_metrics as
      select
        p.id as pull_request_id, p.repository_id,
        least(v.first_review_at, c.first_comment_at) as first_review_at,
        extract(epoch from least(v.first_review_at, c.first_comment_at) - coalesce(p.ready_for_review_at, p.created_at))::float8
          / 3600 as hours_to_first_review,
        v.first_approval_at, v.reviews, v.reviewers,
        (
          -- asked for apart: the other figures of reviews are in an index
          select count(distinct w.commit_sha)::int from pull_request_reviews w
          where w.pull_request_id = p.id and w.deleted_at is null
            and w.author_id is distinct from p.author_id and ${isPerson('w')}
        ) as review_rounds,
        c.comments + (
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
      cross join lateral (
        select min(w.submitted_at) as first_review_at,
          min(w.submitted_at) filter (where w.state = 'APPROVED') as first_approval_at,
          count(*)::int as reviews,
          count(distinct coalesce(w.author_id, 0))::int as reviewers
        from pull_request_reviews w
        where w.pull_request_id = p.id and w.deleted_at is null
          and w.author_id is distinct from p.author_id and ${isPerson('w')}
      ) v
      cross join lateral (
        select count(*)::int as comments,
          min(k.created_at) filter (where k.author_id is distinct from p.author_id) as first_comment_at
        from issue_comments k
        where k.repository_id = p.repository_id and k.number = p.number and k.deleted_at is null
          and ${isPerson('k')}
      ) c
      where p.deleted_at is null;
    `);
    this.addSql(`
      create or replace view review_load as
      with done as (
        select r.installation_id, w.author_id as contributor_id, sum(w.of_30d)::int as reviews_30d,
          sum(w.of_90d)::int as reviews_90d, sum(w.pull_requests)::int as pull_requests_reviewed_90d
        from repositories r
        cross join lateral (
          select w.author_id, count(*) as of_90d, count(distinct p.id) as pull_requests,
            count(*) filter (where w.submitted_at > now() - interval '30 days') as of_30d
          from pull_request_reviews w
          join pull_requests p on p.repository_id = r.id and p.number = w.number and p.deleted_at is null
          where w.repository_id = r.id and w.deleted_at is null and w.submitted_at > now() - ${DAYS_90}
            and p.id = w.pull_request_id and coalesce(w.author_login, '') not like '%[bot]'
            and w.author_id is not null and w.author_id is distinct from p.author_id
          group by w.author_id
        ) w
        where r.removed_at is null and r.installation_id is not null
        group by r.installation_id, w.author_id
      ), requested as (
        select r.installation_id, person.id as contributor_id, count(*)::int as open_review_requests
        from pull_requests p
        join repositories r on r.id = p.repository_id and r.removed_at is null and r.installation_id is not null
        cross join lateral unnest(p.requested_reviewers) as asked(login)
        cross join lateral (
          -- a login belongs to one account at a time: the one seen with it last
          select c.id from contributors c
          where md5(lower(c.login)) = md5(lower(asked.login)) and lower(c.login) = lower(asked.login)
            and c.github_id is not null
          order by c.profile_at desc, c.id limit 1
        ) person
        where p.deleted_at is null and p.state = 'open'
        group by r.installation_id, person.id
      )
      select installation_id, contributor_id,
        coalesce(d.reviews_30d, 0) as reviews_30d, coalesce(d.reviews_90d, 0) as reviews_90d,
        coalesce(d.pull_requests_reviewed_90d, 0) as pull_requests_reviewed_90d,
        coalesce(q.open_review_requests, 0) as open_review_requests
      from done d full join requested q using (installation_id, contributor_id)
      join contributors c on c.id = contributor_id and c.type <> 'Bot' and coalesce(c.login, '') not like '%[bot]';
    `);
    this.addSql(`
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
        -- pull requests that were looked at within 90 days for the first time, by a person who is not their author
        select (percentile_cont(0.5) within group (
          order by extract(epoch from s.first_at - coalesce(s.ready_for_review_at, s.created_at)) / 3600
        ))::float8
        from (
          select p.id, p.number, p.author_id, p.created_at, p.ready_for_review_at, min(x.at) as first_at
          from (
            select w.number, w.author_id, w.submitted_at as at from pull_request_reviews w
            where w.repository_id = r.id and w.deleted_at is null and w.submitted_at > now() - ${DAYS_90}
              and ${isPerson('w')}
            union all
            select k.number, k.author_id, k.created_at from issue_comments k
            where k.repository_id = r.id and k.deleted_at is null and k.created_at > now() - ${DAYS_90}
              and ${isPerson('k')}
          ) x
          join pull_requests p on p.repository_id = r.id and p.number = x.number and p.deleted_at is null
          where x.author_id is distinct from p.author_id
          group by p.id, p.number, p.author_id, p.created_at, p.ready_for_review_at
        ) s
        -- of a younger one nothing is older
        where s.created_at > now() - ${DAYS_90} or not (exists (
          select 1 from pull_request_reviews w
          where w.pull_request_id = s.id and w.deleted_at is null and w.submitted_at <= now() - ${DAYS_90}
            and w.author_id is distinct from s.author_id and ${isPerson('w')}
        ) or exists (
          select 1 from issue_comments k
          where k.repository_id = r.id and k.number = s.number and k.deleted_at is null
            and k.created_at <= now() - ${DAYS_90}
            and k.author_id is distinct from s.author_id and ${isPerson('k')}
        ))
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
