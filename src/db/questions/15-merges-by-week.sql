-- How fast do we merge?
-- Merged pull requests per week, with the median hours from opening to merge.
select to_char(date_trunc('week', p.merged_at), 'YYYY-MM-DD') as week, count(*) as merged,
  round(percentile_cont(0.5) within group (order by extract(epoch from p.merged_at - p.created_at) / 3600)::numeric, 1)
    as median_hours
from pull_requests p join repositories r on r.id = p.repository_id and r.removed_at is null
where p.deleted_at is null and p.merged_at > now() - interval '12 weeks'
group by date_trunc('week', p.merged_at)
order by week
