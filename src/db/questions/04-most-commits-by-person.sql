-- Who committed the most in the last 90 days?
-- People only, without bots. A commit count measures activity, not value.
select coalesce(p.login, p.name, p.email) as person, count(*) as commits,
  count(distinct c.repository_id) as repositories, max(c.committed_at) as last_commit_at
from commits c
join repositories r on r.id = c.repository_id and r.removed_at is null
join contributors p on p.id = c.author_id and p.type <> 'Bot'
where c.orphaned_at is null and c.committed_at between now() - interval '90 days' and now()
group by p.id
order by commits desc, person
limit 50
