-- Which pull requests have been open the longest?
select r.full_name as repository, p.number, left(p.title, 100) as title, p.author_login as author, p.draft,
  p.created_at, p.updated_at
from pull_requests p join repositories r on r.id = p.repository_id and r.removed_at is null
where p.state = 'open' and p.deleted_at is null
order by p.created_at
limit 50
