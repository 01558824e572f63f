-- Beside full-mirror.sql: of pull requests three reviews, five comments and a conversation each, of which some are by bots or by the author
update pull_requests set requested_reviewers = array['u' || 1 + id % 2000] where state = 'open';
insert into pull_request_reviews (id, repository_id, pull_request_id, number, state, commit_sha, author_id, author_login, submitted_at)
  select p.id * 3 + k, p.repository_id, p.id, p.number, case k when 0 then 'COMMENTED' else 'APPROVED' end, 's' || k, a.id, a.login,
    p.created_at + random() * interval '3 days'
  from pull_requests p cross join generate_series(0, 2) k join contributors a on a.id = 1 + (p.id * 7 + k * 50) % 20000;
insert into issue_comments (id, repository_id, number, body, author_id, author_login, created_at, updated_at)
  select p.id * 5 + k, p.repository_id, p.number, repeat('body ', 60), a.id, a.login, c.at, c.at
  from pull_requests p cross join generate_series(0, 4) k cross join lateral (
    select p.created_at + random() * interval '5 days' as at) c join contributors a on a.id = 1 + (p.id * 11 + k * 10) % 20000;
insert into pull_request_review_threads (id, node_id, repository_id, pull_request_id, number, path, resolved)
  select id, 'T' || id, repository_id, id, number, 'p', id % 3 > 0 from pull_requests;
