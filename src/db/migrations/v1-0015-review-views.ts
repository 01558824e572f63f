import { Migration } from '@mikro-orm/migrations';

/**
 * `pull_request_metrics`, `review_load` and the further columns of `repository_metrics`: plain views, true at every moment.
 * A person is whoever is no bot: `contributors.type` is not `Bot`. Deleted accounts (GitHub's ghost, `author_id` null) are people;
 * all of them are one, since GitHub does not tell them apart.
 */
export class V10015ReviewViews extends Migration {
  override up(): void {
    this.addSql(`
      create view pull_request_metrics as
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
        from pull_request_reviews w left join contributors a on a.id = w.author_id
        where w.pull_request_id = p.id and w.deleted_at is null
          and w.author_id is distinct from p.author_id and a.type is distinct from 'Bot'
      ) v
      cross join lateral (
        select count(*)::int as comments,
          min(k.created_at) filter (where k.author_id is distinct from p.author_id) as first_comment_at
        from issue_comments k left join contributors a on a.id = k.author_id
        where k.repository_id = p.repository_id and k.number = p.number and k.deleted_at is null
          and a.type is distinct from 'Bot'
      ) c
      cross join lateral (
        select count(*)::int as comments
        from pull_request_review_comments k left join contributors a on a.id = k.author_id
        where k.pull_request_id = p.id and k.deleted_at is null and a.type is distinct from 'Bot'
      ) l
      cross join lateral (
        select (count(*) filter (where not resolved))::int as unresolved_threads
        from pull_request_review_threads where pull_request_id = p.id and deleted_at is null
      ) t
      where p.deleted_at is null;
    `);
    this.addSql(`
      create view review_load as
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
          where lower(c.login) = lower(asked.login) and c.github_id is not null
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
      join contributors c on c.id = contributor_id and c.type <> 'Bot';
    `);
  }
}
