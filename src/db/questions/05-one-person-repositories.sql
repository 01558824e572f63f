-- Which repositories depend on one person?
-- One author made at least half of the commits of the last 90 days.
select r.full_name as repository, m.commits_90d, m.contributors_90d, m.last_commit_at
from repository_metrics m join repositories r on r.id = m.repository_id
where m.bus_factor_90d = 1 and m.commits_90d >= 5
order by m.commits_90d desc, r.full_name
limit 50
