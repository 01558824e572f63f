-- Which default branches are not protected?
select r.full_name as repository, b.name as branch, r.visibility, r.pushed_at
from repositories r
join branches b on b.repository_id = r.id and b.name = r.default_branch and b.deleted_at is null
where r.removed_at is null and not r.archived and not b.protected
order by r.pushed_at desc nulls last, r.full_name
limit 100
