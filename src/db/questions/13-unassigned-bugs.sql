-- Which bugs has nobody taken?
-- Open issues labelled bug, without an assignee, oldest first.
select r.full_name as repository, i.number, left(i.title, 100) as title, i.labels, i.created_at
from issues i join repositories r on r.id = i.repository_id and r.removed_at is null
where i.state = 'open' and i.deleted_at is null and i.assignees = '{}' and 'bug' = any(i.labels)
order by i.created_at
limit 50
