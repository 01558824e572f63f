-- How long does a change take to get from GitHub to its row?
-- Deliveries of the last 24 hours by event, from arrival (or from the request to apply them again) until they were applied.
select event, count(*) as deliveries, count(*) filter (where recovered) as recovered,
  round((1000 * percentile_cont(0.5) within group (order by waited))::numeric) as median_ms,
  round((1000 * percentile_cont(0.99) within group (order by waited))::numeric) as p99_ms
from webhook_deliveries
cross join lateral (select extract(epoch from processed_at - coalesce(requeued_at, received_at)) as waited) w
where received_at > now() - interval '24 hours' and status = 'processed'
group by event
order by deliveries desc, event
