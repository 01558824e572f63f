-- What did we release lately?
-- Releases of the last 90 days, newest first, with their number of assets.
select r.full_name as repository, l.tag_name as tag, left(l.name, 100) as name, l.prerelease, l.author_login as author,
  l.published_at, (select count(*) from release_assets a where a.release_id = l.id and a.deleted_at is null) as files
from releases l join repositories r on r.id = l.repository_id and r.removed_at is null
where l.deleted_at is null and l.published_at > now() - interval '90 days'
order by l.published_at desc
limit 50
