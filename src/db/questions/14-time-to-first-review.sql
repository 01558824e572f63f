-- How long do we wait for a review?
-- Median hours to the first review by another person over 90 days, by repository, and how many were merged without one.
select r.full_name as repository, round(m.median_hours_to_first_review_90d::numeric, 1) as median_hours_to_first_review,
  round(m.median_hours_to_merge_90d::numeric, 1) as median_hours_to_merge, m.merged_without_review_90d,
  m.open_review_requests
from repository_metrics m join repositories r on r.id = m.repository_id
where m.median_hours_to_first_review_90d is not null
order by m.median_hours_to_first_review_90d desc, r.full_name
limit 50
