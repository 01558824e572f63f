-- Which issues have been open the longest?
select r.full_name as repository, i.number, left(i.title, 100) as title, i.author_login as author, i.created_at,
  i.comments_count as comments
from issues i join repositories r on r.id = i.repository_id and r.removed_at is null
where i.state = 'open' and i.deleted_at is null
order by i.created_at
limit 50
