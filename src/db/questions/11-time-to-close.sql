-- How long does it take to close an issue?
-- Median over the issues closed in the last 90 days, by repository.
select r.full_name as repository, round(m.median_hours_to_close_90d::numeric / 24, 1) as median_days,
  m.issues_closed_30d, m.open_issues
from repository_metrics m join repositories r on r.id = m.repository_id
where m.median_hours_to_close_90d is not null
order by m.median_hours_to_close_90d desc, r.full_name
limit 50
