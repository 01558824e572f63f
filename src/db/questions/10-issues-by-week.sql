-- Do we close issues as fast as they are opened?
-- Opened and closed per week (from Monday, UTC), over twelve weeks.
select to_char(w.week, 'YYYY-MM-DD') as week,
  count(*) filter (where i.created_at >= w.week and i.created_at < w.week + interval '7 days') as opened,
  count(*) filter (where i.closed_at >= w.week and i.closed_at < w.week + interval '7 days') as closed
from generate_series(
  date_trunc('week', now()) - interval '11 weeks', date_trunc('week', now()), interval '1 week') as w (week)
left join (
  select i.created_at, i.closed_at from issues i
  join repositories r on r.id = i.repository_id and r.removed_at is null
  where i.deleted_at is null and coalesce(i.closed_at, i.created_at) > now() - interval '13 weeks'
) i on i.created_at < w.week + interval '7 days' and coalesce(i.closed_at, 'infinity') >= w.week
group by w.week
order by w.week
