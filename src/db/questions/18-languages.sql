-- What do we write in?
-- Live repositories by main language, with their commits of 90 days.
select coalesce(r.language, '(none)') as language, count(*) as repositories, sum(m.commits_90d) as commits_90d,
  sum(m.open_issues) as open_issues
from repositories r join repository_metrics m on m.repository_id = r.id
group by r.language
order by commits_90d desc, language
