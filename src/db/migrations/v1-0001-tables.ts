import { Migration } from '@mikro-orm/migrations';

/** The mirror's tables (docs/reference.md, "Tables") and two that steer the work: `repository_sync`, `rate_limits`. */
export class V10001Tables extends Migration {
  override up(): void {
    this.addSql(`
      create table installations (
        id bigint primary key,
        account_id bigint not null,
        account_login text not null,
        account_type text not null,
        repository_selection text not null,
        permissions jsonb not null,
        events jsonb not null,
        suspended_at timestamptz,
        deleted_at timestamptz,
        created_at timestamptz not null,
        -- how many repositories one GraphQL question may ask for: halved by a 502, then a tenth more at each sweep
        probe_size int not null default 100
      );

      create table repositories (
        id bigint primary key,
        node_id text not null,
        installation_id bigint references installations on delete cascade,
        owner_login text not null,
        name text not null,
        full_name text not null,
        private boolean not null,
        visibility text not null,
        archived boolean not null,
        disabled boolean not null,
        fork boolean not null,
        default_branch text not null,
        head_sha text,
        description text,
        language text,
        topics text[] not null default '{}',
        stargazers_count int not null default 0,
        forks_count int not null default 0,
        open_issues_count int not null default 0,
        has_issues boolean not null default true,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        pushed_at timestamptz,
        sync_status text not null default 'pending'
          check (sync_status in ('pending', 'syncing', 'fresh', 'error', 'paused')),
        sync_error text,
        last_synced_at timestamptz,
        removed_at timestamptz,
        removed_reason text check (removed_reason in ('deleted', 'access_lost', 'uninstalled', 'transferred')),
        check ((removed_at is null) = (removed_reason is null))
      ) with (fillfactor = 80); -- last_synced_at changes at every sweep: room for updates that touch no index
      create index repositories_installation_id on repositories (installation_id);
      create index repositories_full_name on repositories (lower(full_name));

      create table repository_sync (
        repository_id bigint primary key references repositories on delete cascade,
        -- a comparison that was asked for and is not done: the queue of imports, sweeps and verification
        wanted_at timestamptz,
        wanted_mode text check (wanted_mode in ('changes', 'everything')),
        wanted_rounds int not null default 0,
        -- after a failure: not before
        wanted_after timestamptz,
        -- one writer at a time; the token fences off a writer that outlived its lease
        lease_owner text,
        lease_token uuid,
        lease_until timestamptz,
        -- where interrupted walks through long lists go on, by list
        walks jsonb not null default '{}',
        -- everything updated before is in the rows
        issues_through timestamptz,
        pull_requests_through timestamptz,
        -- GitHub's answer to the newest probe, and to the one that the rows were last brought equal to
        probed jsonb,
        seen jsonb,
        verified_at timestamptz,
        -- what the last complete comparison met: { rows, healed }
        verified jsonb
      ) with (fillfactor = 80);
      create index repository_sync_wanted on repository_sync (wanted_at) where wanted_at is not null;

      -- ids met so far in a complete reading of a list; what is live here and not met there is asked for
      create unlogged table listed_ids (
        repository_id bigint not null references repositories on delete cascade,
        list text not null,
        id bigint not null,
        primary key (repository_id, list, id)
      );

      create table branches (
        repository_id bigint not null references repositories on delete cascade,
        name text not null,
        head_sha text not null,
        protected boolean not null default false,
        deleted_at timestamptz,
        primary key (repository_id, name)
      );

      create table contributors (
        id bigint primary key generated always as identity,
        github_id bigint unique,
        login text,
        name text,
        email text,
        type text not null check (type in ('User', 'Bot', 'Organization', 'Mannequin', 'Anonymous')),
        avatar_url text,
        -- how new the answer is that login and avatar come from: an older one never overwrites them
        profile_at timestamptz not null default '1970-01-01'
      );
      create index contributors_login on contributors (lower(login));

      create table contributor_emails (
        email text primary key check (email = lower(email)),
        contributor_id bigint not null references contributors on delete cascade
      );
      create index contributor_emails_contributor_id on contributor_emails (contributor_id);

      create table commits (
        repository_id bigint not null references repositories on delete cascade,
        sha text not null,
        message text not null,
        author_name text,
        author_email text,
        author_id bigint references contributors,
        committer_name text,
        committer_email text,
        authored_at timestamptz,
        committed_at timestamptz,
        parents text[] not null,
        orphaned_at timestamptz,
        primary key (repository_id, sha)
      );
      create index commits_time on commits (repository_id, committed_at);
      create index commits_author on commits (author_id, repository_id, committed_at) include (orphaned_at);

      create table issues (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        number int not null,
        title text not null,
        body text,
        state text not null check (state in ('open', 'closed')),
        state_reason text,
        author_id bigint references contributors,
        author_login text,
        labels text[] not null default '{}',
        assignees text[] not null default '{}',
        comments_count int not null default 0,
        locked boolean not null default false,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        closed_at timestamptz,
        deleted_at timestamptz,
        deleted_reason text check (deleted_reason in ('deleted', 'transferred')),
        check ((deleted_at is null) = (deleted_reason is null))
      );
      create index issues_number on issues (repository_id, number);
      create index issues_state on issues (repository_id, state, updated_at);
      create index issues_created on issues (repository_id, created_at);
      create index issues_closed on issues (repository_id, closed_at) where closed_at is not null;
      create index issues_author on issues (author_id);

      create table pull_requests (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        number int not null,
        title text not null,
        body text,
        state text not null check (state in ('open', 'closed')),
        draft boolean not null default false,
        merged_at timestamptz,
        merge_commit_sha text,
        author_id bigint references contributors,
        author_login text,
        head_ref text not null,
        head_sha text not null,
        base_ref text not null,
        labels text[] not null default '{}',
        assignees text[] not null default '{}',
        created_at timestamptz not null,
        updated_at timestamptz not null,
        closed_at timestamptz,
        deleted_at timestamptz
      );
      create index pull_requests_number on pull_requests (repository_id, number);
      create index pull_requests_state on pull_requests (repository_id, state, updated_at);
      create index pull_requests_created on pull_requests (repository_id, created_at);
      create index pull_requests_merged on pull_requests (repository_id, merged_at) where merged_at is not null;
      create index pull_requests_author on pull_requests (author_id);

      create table repository_contributors (
        repository_id bigint not null references repositories on delete cascade,
        contributor_id bigint not null references contributors on delete cascade,
        commits_count int not null check (commits_count > 0),
        first_commit_at timestamptz,
        last_commit_at timestamptz,
        primary key (repository_id, contributor_id)
      );
      create index repository_contributors_contributor_id on repository_contributors (contributor_id);
    `);
    this.addSql(`
      create table sync_jobs (
        id uuid primary key,
        job_type text not null
          check (job_type in ('installation_import', 'periodic_sweep', 'webhook', 'repository_sync')),
        status text not null check (status in ('running', 'completed', 'failed', 'cancelled', 'partial')),
        trigger text not null check (trigger in ('webhook', 'schedule', 'manual', 'recovery')),
        installation_id bigint,
        repository_id bigint,
        repositories_processed int not null default 0,
        commits_imported int not null default 0,
        issues_imported int not null default 0,
        pull_requests_imported int not null default 0,
        api_requests int not null default 0,
        rate_limit_points int not null default 0,
        errors int not null default 0,
        error jsonb,
        started_at timestamptz not null default now(),
        finished_at timestamptz,
        workflow_id text not null,
        run_id text not null,
        check ((status = 'running') = (finished_at is null))
      );
      create index sync_jobs_newest on sync_jobs (started_at desc, id desc);
      create index sync_jobs_installation on sync_jobs (installation_id, started_at desc);
      create index sync_jobs_repository on sync_jobs (repository_id, started_at desc);
      create index sync_jobs_running on sync_jobs (started_at) where status = 'running';
      create index sync_jobs_finished on sync_jobs (finished_at) include (status) where finished_at is not null;
      create index sync_jobs_sweeps on sync_jobs (started_at desc) where job_type = 'periodic_sweep';
      -- one sweep works at a time, however started
      create unique index sync_jobs_one_sweep on sync_jobs (job_type)
        where status = 'running' and job_type = 'periodic_sweep';

      create table webhook_deliveries (
        guid uuid primary key,
        event text not null,
        action text,
        installation_id bigint,
        repository_id bigint,
        received_at timestamptz not null default now(),
        processed_at timestamptz,
        status text not null default 'pending'
          check (status in ('pending', 'processed', 'ignored', 'failed')),
        attempts int not null default 0,
        error text,
        payload jsonb not null,
        recovered boolean not null default false
      );
      create index webhook_deliveries_received on webhook_deliveries (received_at) include (status);
      create index webhook_deliveries_pending on webhook_deliveries (repository_id, received_at)
        where status = 'pending';
      create index webhook_deliveries_installation on webhook_deliveries (installation_id, received_at)
        where status = 'pending';

      create table rate_limits (
        installation_id bigint not null,
        resource text not null,
        "limit" int,
        remaining int,
        resets_at timestamptz,
        -- no request before: set by a limit that was hit, primary or secondary
        blocked_until timestamptz,
        blocked_code text,
        updated_at timestamptz not null default now(),
        primary key (installation_id, resource)
      );

      -- single facts of the whole system, such as when Temporal was last reached
      create table system_state (
        name text primary key,
        value jsonb not null,
        updated_at timestamptz not null default now()
      );
    `);
  }
}
