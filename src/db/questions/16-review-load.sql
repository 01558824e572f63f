-- Who reviews, and who is asked to?
-- Reviews of other people's pull requests, and open review requests, without bots.
select coalesce(c.login, c.name) as person, l.asked_now, l.reviews_30d, l.reviews_90d, l.pull_requests_90d
from (
  select contributor_id, sum(open_review_requests) as asked_now, sum(reviews_30d) as reviews_30d,
    sum(reviews_90d) as reviews_90d, sum(pull_requests_reviewed_90d) as pull_requests_90d
  from review_load group by contributor_id
) l join contributors c on c.id = l.contributor_id
order by l.asked_now desc, l.reviews_90d desc, person
limit 50
