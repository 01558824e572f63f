-- Who reviews, and who is asked to?
-- Reviews of other people's pull requests, and open requests; bots are left out.
select coalesce(c.login, c.name) as person, sum(l.open_review_requests) as asked_now, sum(l.reviews_30d) as reviews_30d,
  sum(l.reviews_90d) as reviews_90d, sum(l.pull_requests_reviewed_90d) as pull_requests_90d
from review_load l join contributors c on c.id = l.contributor_id
group by c.id
order by asked_now desc, reviews_90d desc, person
limit 50
