-- Which pull requests has nobody reviewed?
-- Open and not a draft, without a review or comment by anyone else; bots do not count.
select r.full_name as repository, p.number, left(p.title, 100) as title, p.author_login as author,
  p.requested_reviewers as asked, coalesce(p.ready_for_review_at, p.created_at) as waiting_since
from pull_requests p
join repositories r on r.id = p.repository_id and r.removed_at is null
join pull_request_metrics m on m.pull_request_id = p.id
where p.state = 'open' and p.deleted_at is null and not p.draft and m.first_review_at is null
order by waiting_since
limit 50
