-- Which review threads are unresolved?
-- On open pull requests, with the first comment of each that is still there.
select r.full_name as repository, t.number, left(p.title, 100) as title, t.path, c.author_login as begun_by,
  left(split_part(c.body, E'\n', 1), 100) as comment, c.created_at
from pull_request_review_threads t
join pull_requests p on p.id = t.pull_request_id and p.deleted_at is null and p.state = 'open'
join repositories r on r.id = t.repository_id and r.removed_at is null
left join lateral (
  select author_login, body, created_at, deleted_at from pull_request_review_comments
  where thread_id = t.id order by deleted_at nulls first, id limit 1
) c on c.deleted_at is null
where t.deleted_at is null and not t.resolved
order by c.created_at nulls last
limit 50
