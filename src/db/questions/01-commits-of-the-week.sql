-- What was committed in the last seven days?
-- Live commits of default branches, newest first.
select r.full_name as repository, left(split_part(c.message, E'\n', 1), 100) as message,
  coalesce(p.login, c.author_name) as author, c.committed_at
from commits c
join repositories r on r.id = c.repository_id and r.removed_at is null
left join contributors p on p.id = c.author_id
where c.orphaned_at is null and c.committed_at between now() - interval '7 days' and now()
order by c.committed_at desc
limit 100
