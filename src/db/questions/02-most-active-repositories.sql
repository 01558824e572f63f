-- Which repositories are most active?
-- By commits in the last 30 days, with the number of contributors.
select r.full_name as repository, m.commits_30d, m.contributors_30d, m.pull_requests_merged_30d, m.issues_closed_30d
from repository_metrics m join repositories r on r.id = m.repository_id
where m.commits_30d > 0
order by m.commits_30d desc, r.full_name
limit 50
