-- Where do issues go stale?
-- Open issues without an update for 90 days, by repository.
select r.full_name as repository, m.open_issues, m.stale_issues,
  round(100.0 * m.stale_issues / m.open_issues, 1) as stale_percent
from repository_metrics m join repositories r on r.id = m.repository_id
where m.stale_issues > 0
order by m.stale_issues desc, r.full_name
limit 50
