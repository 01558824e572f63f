-- What failed in the last seven days?
-- Jobs that ended with an error, by error code.
select error ->> 'code' as code, job_type, count(*) as jobs, max(started_at) as last_at,
  left((array_agg(error ->> 'message' order by started_at desc))[1], 200) as last_message
from sync_jobs
where error is not null and started_at > now() - interval '7 days'
group by 1, 2
order by jobs desc, code
