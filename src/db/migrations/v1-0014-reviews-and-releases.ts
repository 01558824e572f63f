import { Migration } from '@mikro-orm/migrations';

/**
 * How a team works together: the further columns of issues and pull requests, and a table for each further kind of
 * GitHub data. Only adds: columns without a rewrite of the table, empty tables, no constraint on a table that is full.
 */
export class V10014ReviewsAndReleases extends Migration {
  override up(): void {
    this.addSql(`
      -- a further reason to be in the queue, behind all others: kinds that were never read whole
      alter table repository_sync drop constraint repository_sync_wanted_mode_check,
        add constraint repository_sync_wanted_mode_check
          check (wanted_mode in ('changes', 'everything', 'further')) not valid;
    `);
    this.addSql(`
      alter table issues
        add column milestone_id bigint,
        add column type text,
        add column author_association text,
        add column sub_issues_total int,
        add column sub_issues_completed int;
      alter table pull_requests
        add column node_id text,
        add column milestone_id bigint,
        add column locked boolean not null default false,
        add column author_association text,
        add column requested_reviewers text[] not null default '{}',
        add column requested_teams text[] not null default '{}',
        add column merged_by_login text,
        -- null until the detail of the pull request was read
        add column additions int,
        add column deletions int,
        add column changed_files int,
        add column commits_count int,
        add column comments_count int,
        add column first_commit_at timestamptz,
        add column ready_for_review_at timestamptz,
        -- updated_at of the row when its detail was last read: another one is stale
        add column detail_of timestamptz;
    `);
    this.addSql(`
      create table issue_comments (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        number int not null,
        body text,
        author_id bigint references contributors,
        author_login text,
        author_association text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        deleted_at timestamptz
      );
      create index issue_comments_number on issue_comments (repository_id, number) include (created_at, author_id)
        where deleted_at is null;
      create index issue_comments_author on issue_comments (author_id);

      create table pull_request_reviews (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        pull_request_id bigint not null,
        number int not null,
        state text not null check (state in ('APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED')),
        body text,
        commit_sha text,
        author_id bigint references contributors,
        author_login text,
        author_association text,
        submitted_at timestamptz,
        deleted_at timestamptz
      );
      create index pull_request_reviews_pull_request on pull_request_reviews (pull_request_id)
        include (submitted_at, author_id, state) where deleted_at is null;
      create index pull_request_reviews_repository on pull_request_reviews (repository_id, number);
      create index pull_request_reviews_submitted on pull_request_reviews (repository_id, submitted_at);
      create index pull_request_reviews_author on pull_request_reviews (author_id);

      create table pull_request_review_comments (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        pull_request_id bigint not null,
        number int not null,
        review_id bigint,
        thread_id bigint not null,
        in_reply_to_id bigint,
        path text not null,
        original_commit_sha text,
        original_line int,
        body text,
        author_id bigint references contributors,
        author_login text,
        author_association text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        deleted_at timestamptz
      );
      create index pull_request_review_comments_pull_request on pull_request_review_comments (pull_request_id)
        include (author_id) where deleted_at is null;
      create index pull_request_review_comments_number on pull_request_review_comments (repository_id, number);
      create index pull_request_review_comments_thread on pull_request_review_comments (thread_id);
      create index pull_request_review_comments_author on pull_request_review_comments (author_id);

      create table pull_request_review_threads (
        id bigint primary key,
        node_id text not null,
        repository_id bigint not null references repositories on delete cascade,
        pull_request_id bigint not null,
        number int not null,
        path text not null,
        resolved boolean not null,
        resolved_by_login text,
        deleted_at timestamptz
      );
      create index pull_request_review_threads_pull_request on pull_request_review_threads (pull_request_id)
        include (resolved) where deleted_at is null;
      create index pull_request_review_threads_number on pull_request_review_threads (repository_id, number);
      create index pull_request_review_threads_node_id on pull_request_review_threads (node_id);

      create table labels (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        name text not null,
        color text not null,
        description text,
        is_default boolean not null default false,
        deleted_at timestamptz
      );
      create index labels_repository on labels (repository_id);

      create table milestones (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        number int not null,
        title text not null,
        description text,
        state text not null check (state in ('open', 'closed')),
        due_on timestamptz,
        author_id bigint references contributors,
        author_login text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        closed_at timestamptz,
        deleted_at timestamptz
      );
      create index milestones_repository on milestones (repository_id, number);
      create index milestones_author on milestones (author_id);

      create table tags (
        repository_id bigint not null references repositories on delete cascade,
        name text not null,
        sha text not null,
        tag_sha text,
        tagged_at timestamptz,
        message text,
        deleted_at timestamptz,
        primary key (repository_id, name)
      );

      create table releases (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        tag_name text not null,
        target_commitish text,
        name text,
        body text,
        prerelease boolean not null default false,
        author_id bigint references contributors,
        author_login text,
        created_at timestamptz not null,
        published_at timestamptz,
        updated_at timestamptz,
        deleted_at timestamptz
      );
      create index releases_published on releases (repository_id, published_at);
      create index releases_author on releases (author_id);

      create table release_assets (
        id bigint primary key,
        repository_id bigint not null references repositories on delete cascade,
        release_id bigint not null,
        name text not null,
        label text,
        content_type text,
        size bigint not null,
        state text not null,
        uploader_login text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        deleted_at timestamptz
      );
      create index release_assets_release on release_assets (release_id);
      create index release_assets_repository on release_assets (repository_id);
    `);
  }
}
