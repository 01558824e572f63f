-- How much work is thrown away?
-- Pull requests closed within 90 days without a merge, by repository.
select r.full_name as repository, count(*) filter (where p.merged_at is null) as closed_unmerged,
  count(*) filter (where p.merged_at is not null) as merged,
  round(100.0 * count(*) filter (where p.merged_at is null) / count(*), 1) as unmerged_percent
from pull_requests p join repositories r on r.id = p.repository_id and r.removed_at is null
where p.state = 'closed' and p.deleted_at is null and p.closed_at > now() - interval '90 days'
group by r.id
having count(*) filter (where p.merged_at is null) > 0
order by closed_unmerged desc, r.full_name
limit 50
