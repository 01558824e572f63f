-- Which repositories has nobody touched for 90 days?
-- Neither archived nor empty: candidates for archiving.
select r.full_name as repository, r.language, r.pushed_at, r.open_issues_count
from repositories r
where r.removed_at is null and not r.archived and r.head_sha is not null
  and coalesce(r.pushed_at, r.created_at) < now() - interval '90 days'
order by r.pushed_at nulls first
limit 100
