-- How long does a change take from GitHub to its row?
-- Deliveries of 24 hours by event: from their arrival until they were applied.
select event, count(*) as deliveries, count(*) filter (where recovered) as recovered,
  round((1000 * percentile_cont(0.5) within group (order by extract(epoch from processed_at - received_at)))::numeric) as median_ms,
  round((1000 * percentile_cont(0.99) within group (order by extract(epoch from processed_at - received_at)))::numeric) as p99_ms
from webhook_deliveries
where received_at > now() - interval '24 hours' and status = 'processed'
group by event
order by deliveries desc, event
