-- What is discussed most?
-- Open issues by number of comments.
select r.full_name as repository, i.number, left(i.title, 100) as title, i.comments_count as comments, i.updated_at
from issues i join repositories r on r.id = i.repository_id and r.removed_at is null
where i.state = 'open' and i.deleted_at is null and i.comments_count > 0
order by i.comments_count desc, i.updated_at desc
limit 50
