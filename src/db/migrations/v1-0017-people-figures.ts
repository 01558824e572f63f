import { Migration } from '@mikro-orm/migrations';

/** Whether the author of a row is a person: no bot, which its login says as well. A lookup for each row, however many bots. */
const isPerson = (row: string) =>
  `(${row}.author_id is null or not exists (select 1 from contributors b where b.id = ${row}.author_id and b.type = 'Bot'))
          and coalesce(${row}.author_login, '') not like '%[bot]'`;

/**
 * The figures about how a team works together: who is a person also goes by the login (`dependabot[bot]`), requested
 * reviewers are looked up by the index that logins have since v1-0004, and `repository_metrics` gets its further columns.
 * Columns are only appended, so that older processes go on reading what they know. Single figures are subqueries of their
 * columns: who does not ask for one does not pay for it, and more than eight joined relations are no longer planned as one
 * (`join_collapse_limit`), so that the figures of one repository would be those of all.
 */
export class V10017PeopleFigures extends Migration {
  override up(): void {
    this.addSql(`
      create index contributors_bots on contributors (id) where type = 'Bot';
      create index issue_comments_created on issue_comments (repository_id, created_at) where deleted_at is null;
      create index pull_request_review_threads_unresolved on pull_request_review_threads (repository_id)
        where deleted_at is null and not resolved;
    `);
    this.addSql(`
      create or replace view pull_request_metrics as
      select
        p.id as pull_request_id, p.repository_id,
        least(v.first_review_at, c.first_comment_at) as first_review_at,
        extract(epoch from least(v.first_review_at, c.first_comment_at) - coalesce(p.ready_for_review_at, p.created_at))::float8
          / 3600 as hours_to_first_review,
        v.first_approval_at, v.reviews, v.reviewers, v.review_rounds,
        c.comments + l.comments as comments,
        t.unresolved_threads,
        p.additions + p.deletions as size,
        extract(epoch from p.merged_at - p.created_at)::float8 / 3600 as hours_to_merge,
        extract(epoch from p.created_at - p.first_commit_at)::float8 / 3600 as coding_hours
      from pull_requests p
      join repositories r on r.id = p.repository_id and r.removed_at is null
      cross join lateral (
        select min(w.submitted_at) as first_review_at,
          min(w.submitted_at) filter (where w.state = 'APPROVED') as first_approval_at,
          count(*)::int as reviews,
          count(distinct coalesce(w.author_id, 0))::int as reviewers,
          count(distinct w.commit_sha)::int as review_rounds
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
      cross join lateral (
        select count(*)::int as comments
        from pull_request_review_comments k
        where k.pull_request_id = p.id and k.deleted_at is null and ${isPerson('k')}
      ) l
      cross join lateral (
        select (count(*) filter (where not resolved))::int as unresolved_threads
        from pull_request_review_threads where pull_request_id = p.id and deleted_at is null
      ) t
      where p.deleted_at is null;
    `);
    this.addSql(`
      create or replace view review_load as
      with done as (
        select r.installation_id, w.author_id as contributor_id,
          (count(*) filter (where w.submitted_at > now() - interval '30 days'))::int as reviews_30d,
          count(*)::int as reviews_90d,
          count(distinct w.pull_request_id)::int as pull_requests_reviewed_90d
        from pull_request_reviews w
        join repositories r on r.id = w.repository_id and r.removed_at is null and r.installation_id is not null
        join pull_requests p on p.id = w.pull_request_id and p.deleted_at is null
        where w.deleted_at is null and w.submitted_at > now() - interval '90 days'
          and w.author_id is not null and w.author_id is distinct from p.author_id
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
        i.open_issues, p.open_pull_requests, i.stale_issues, i.issues_opened_30d, i.issues_closed_30d,
        p.pull_requests_opened_30d, p.pull_requests_merged_30d,
        i.median_hours_to_close_90d, p.median_hours_to_merge_90d, c.bus_factor_90d,
        (
        -- pull requests that were looked at within 90 days for the first time, by a person who is not their author
        select (percentile_cont(0.5) within group (
          order by extract(epoch from s.first_at - coalesce(s.ready_for_review_at, s.created_at)) / 3600
        ))::float8
        from (
          select p.id, p.number, p.author_id, p.created_at, p.ready_for_review_at, min(x.at) as first_at
          from (
            select number, author_id, author_login, submitted_at as at from pull_request_reviews
            where repository_id = r.id and deleted_at is null and submitted_at > now() - interval '90 days'
            union all
            select number, author_id, author_login, created_at from issue_comments
            where repository_id = r.id and deleted_at is null and created_at > now() - interval '90 days'
          ) x
          join pull_requests p on p.repository_id = r.id and p.number = x.number and p.deleted_at is null
          where x.author_id is distinct from p.author_id and ${isPerson('x')}
          group by p.id
        ) s
        -- of a younger one nothing is older
        where s.created_at > now() - interval '90 days' or not (exists (
          select 1 from pull_request_reviews w
          where w.pull_request_id = s.id and w.deleted_at is null and w.submitted_at <= now() - interval '90 days'
            and w.author_id is distinct from s.author_id and ${isPerson('w')}
        ) or exists (
          select 1 from issue_comments k
          where k.repository_id = r.id and k.number = s.number and k.deleted_at is null
            and k.created_at <= now() - interval '90 days'
            and k.author_id is distinct from s.author_id and ${isPerson('k')}
        ))
        ) as median_hours_to_first_review_90d,
        (
        select count(*)::int from pull_requests p
        where p.repository_id = r.id and p.deleted_at is null and p.merged_at > now() - interval '90 days'
          and not exists (
            select 1 from pull_request_reviews w
            where w.pull_request_id = p.id and w.deleted_at is null
              and w.author_id is distinct from p.author_id and ${isPerson('w')}
          )
        ) as merged_without_review_90d,
        p.open_review_requests,
        (
        -- those of a pull request that is gone are gone with it
        select count(*)::int from pull_request_review_threads
        where repository_id = r.id and deleted_at is null and not resolved
        ) as unresolved_threads,
        (
        select count(*)::int from releases
        where repository_id = r.id and deleted_at is null
          and published_at > now() - interval '90 days' and published_at <= now()
        ) as releases_90d
      from repositories r
      cross join lateral (
        -- authors by commits, most first; the bus factor is how many come before half of the commits is reached
        select
          coalesce(sum(of_7d), 0)::int as commits_7d, coalesce(sum(of_30d), 0)::int as commits_30d,
          coalesce(sum(of_90d), 0)::int as commits_90d,
          (count(author_id) filter (where of_30d > 0))::int as contributors_30d,
          count(author_id)::int as contributors_90d,
          (count(author_id) filter (where before * 2 < total))::int as bus_factor_90d
        from (
          select *, sum(of_90d) filter (where author_id is not null) over () as total,
            sum(of_90d) over (order by author_id is null, of_90d desc, author_id rows unbounded preceding) - of_90d as before
          from (
            select author_id, count(*) as of_90d,
              count(*) filter (where committed_at > now() - interval '7 days') as of_7d,
              count(*) filter (where committed_at > now() - interval '30 days') as of_30d
            from commits
            where repository_id = r.id and orphaned_at is null
              and committed_at > now() - interval '90 days' and committed_at <= now()
            group by author_id
          ) authors
        ) ranked
      ) c
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
            filter (where merged_at > now() - interval '90 days'))::float8 as median_hours_to_merge_90d,
          coalesce(sum(cardinality(requested_reviewers) + cardinality(requested_teams)) filter (where state = 'open'), 0)::int
            as open_review_requests
        from pull_requests where repository_id = r.id and deleted_at is null
      ) p
      where r.removed_at is null;
    `);
  }
}
