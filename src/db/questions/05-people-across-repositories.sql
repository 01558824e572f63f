-- Who knows the most repositories?
-- Repositories in which a person has ever committed to the default branch.
select coalesce(p.login, p.name, p.email) as person, count(*) as repositories, sum(rc.commits_count) as commits
from repository_contributors rc
join repositories r on r.id = rc.repository_id and r.removed_at is null
join contributors p on p.id = rc.contributor_id and p.type <> 'Bot'
group by p.id
order by repositories desc, commits desc
limit 50
