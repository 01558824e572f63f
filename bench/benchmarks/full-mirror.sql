-- A full mirror, times :scale, of :repositories, which are shared by :installations.
insert into installations (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
  select n, n, 'acme' || n, 'Organization', 'all', '{}', '[]', now() from generate_series(1, :installations) n;
insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled,
    fork, default_branch, created_at, updated_at, last_synced_at, sync_status)
  select n, 'R_' || n, 1 + n % :installations, 'acme', 'r' || n, 'acme/r' || n, false, 'public', false, false, false, 'main', now(), now(),
    now(), 'fresh'
  from generate_series(1, :repositories) n;
insert into repository_sync (repository_id, verified_at) select id, now() from repositories on conflict do nothing;
insert into contributors (github_id, login, type)
  select n, 'u' || n || case when n % 100 = 0 then '[bot]' else '' end, case when n % 100 = 0 then 'Bot' else 'User' end
  from generate_series(1, 20000) n;
insert into commits (repository_id, sha, message, author_name, author_email, author_id, committer_name, committer_email,
    authored_at, committed_at, parents)
  select r.id, lpad(to_hex(n), 40, '0'), 'message of the commit ' || n, 'name', 'a@b.c', 1 + (random() * 19999)::int, 'name',
    'a@b.c', now(), now() - random() * interval '1 year', array[lpad(to_hex(n - 1), 40, '0')]
  from generate_series(1, (1000000 * :scale)::int) n
  join repositories r on r.id = 1 + n % (select count(*) from repositories);
insert into issues (id, repository_id, number, title, body, state, author_id, author_login, created_at, updated_at, closed_at)
  select n, r.id, n, 'title', repeat('body ', 60), case when n % 3 = 0 then 'open' else 'closed' end, 1 + n % 20000, 'u', at,
    at + interval '3 days', case when n % 3 > 0 then at + random() * interval '5 days' end
  from (select n, now() - random() * interval '1 year' as at from generate_series(1, (200000 * :scale)::int) n) i
  join repositories r on r.id = 1 + n % (select count(*) from repositories);
insert into pull_requests (id, repository_id, number, title, body, state, merged_at, author_id, author_login, head_ref, head_sha,
    base_ref, created_at, updated_at, closed_at)
  select n, r.id, n, 'title', repeat('body ', 60), case when n % 3 = 0 then 'open' else 'closed' end,
    case when n % 3 > 0 then at + random() * interval '5 days' end, 1 + n % 20000, 'u', 'h', 's', 'main', at,
    at + interval '3 days', case when n % 3 > 0 then at + interval '5 days' end
  from (select n, now() - random() * interval '1 year' as at from generate_series(1, (100000 * :scale)::int) n) p
  join repositories r on r.id = 1 + n % (select count(*) from repositories);
insert into repository_contributors (repository_id, contributor_id, commits_count, first_commit_at, last_commit_at)
  select repository_id, author_id, count(*), min(committed_at), max(committed_at) from commits group by 1, 2;
insert into webhook_deliveries (guid, event, action, installation_id, repository_id, received_at, processed_at, status, attempts,
    payload)
  select gen_random_uuid(), 'issues', 'opened', 1 + n % :installations, 1 + n % :repositories, at, at, 'processed', 1, '{"action": "opened"}'
  from (select n, now() - random() * interval '30 days' as at from generate_series(1, (1000000 * :scale)::int) n) d;
insert into sync_jobs (id, job_type, status, trigger, installation_id, repository_id, started_at, finished_at, workflow_id, run_id)
  select gen_random_uuid(), 'webhook', 'completed', 'webhook', 1 + n % :installations, 1 + n % :repositories, at, at, 'w', 'r'
  from (select n, now() - random() * interval '30 days' as at from generate_series(1, (300000 * :scale)::int) n) j;
