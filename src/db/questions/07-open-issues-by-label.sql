-- What are the open issues about?
-- Open issues by label, with their median age.
select label, count(*) as open_issues,
  round(percentile_cont(0.5) within group (order by extract(epoch from now() - i.created_at) / 86400)::numeric, 1) as median_age_days
from issues i
join repositories r on r.id = i.repository_id and r.removed_at is null
cross join unnest(i.labels) as label
where i.state = 'open' and i.deleted_at is null
group by label
order by open_issues desc, label
limit 50
