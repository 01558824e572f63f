import { Migration } from '@mikro-orm/migrations';
import { CONVERSATION, REVIEWS } from './v1-0045-pull-request-figures.ts';

const COLUMNS = `
  alter table pull_request_figures
    add column merged_at timestamptz,
    add column is_reviewed boolean not null default false, -- beside \`reviews\`, which moves more often than an index should
    add column size int,
    add column hours_to_merge double precision,
    add column coding_hours double precision;
`;

/** What the row of the pull request `p` comes to by itself. However odd its numbers are, the row is not refused for their sum. */
const OF_ROW = `p.merged_at,
          case when p.additions::bigint + p.deletions > 2147483647 then 2147483647 else p.additions + p.deletions end as size,
          date_part('epoch', p.merged_at - p.created_at) / 3600 as hours_to_merge,
          date_part('epoch', p.created_at - p.first_commit_at) / 3600 as coding_hours`;

/** Makes the rows of these pull requests anew. */
const WRITE = `
  create or replace function write_pull_request_figures(ids bigint[]) returns void language plpgsql
    set enable_seqscan = off as $$
  begin
    with found as materialized (
      select given.id, p.* from unnest(ids) given(id)
      left join lateral (
        select p.repository_id, ${OF_ROW}, v.*, ${CONVERSATION}
        from pull_requests p cross join lateral (${REVIEWS}) v
        where p.id = given.id and p.deleted_at is null offset 0
      ) p on true
    ), gone as (
      delete from pull_request_figures
      where pull_request_id = any(array(select id from found where repository_id is null))
    )
    insert into pull_request_figures as f (pull_request_id, repository_id, merged_at, size, hours_to_merge, coding_hours,
      reviews, is_reviewed, reviewers, review_rounds, first_approval_at, comments, unresolved_threads)
    select id, repository_id, merged_at, size, hours_to_merge, coding_hours,
      reviews, reviews > 0, reviewers, review_rounds, first_approval_at, comments, unresolved_threads
    from found where repository_id is not null order by id
    on conflict (pull_request_id) do update set repository_id = excluded.repository_id, merged_at = excluded.merged_at,
      size = excluded.size, hours_to_merge = excluded.hours_to_merge, coding_hours = excluded.coding_hours,
      reviews = excluded.reviews, is_reviewed = excluded.is_reviewed, reviewers = excluded.reviewers,
      review_rounds = excluded.review_rounds, first_approval_at = excluded.first_approval_at,
      comments = excluded.comments, unresolved_threads = excluded.unresolved_threads
      where f is distinct from excluded;
  end $$;
`;

/** The same of their reviews alone. */
const WRITE_REVIEWS = `
  create or replace function write_review_figures(ids bigint[]) returns void language plpgsql
    set enable_seqscan = off as $$
  begin
    insert into pull_request_figures as f
      (pull_request_id, repository_id, reviews, is_reviewed, reviewers, review_rounds, first_approval_at)
    select p.id, p.repository_id, v.reviews, v.reviews > 0, v.reviewers, v.review_rounds, v.first_approval_at
    from unnest(ids) given(id)
    cross join lateral (
      select id, repository_id, author_id from pull_requests where id = given.id and deleted_at is null offset 0
    ) p
    cross join lateral (${REVIEWS} offset 0) v
    order by p.id
    on conflict (pull_request_id) do update set reviews = excluded.reviews, is_reviewed = excluded.is_reviewed,
      reviewers = excluded.reviewers, review_rounds = excluded.review_rounds,
      first_approval_at = excluded.first_approval_at
      where (f.reviews, f.is_reviewed, f.reviewers, f.review_rounds, f.first_approval_at) is distinct from
        (excluded.reviews, excluded.is_reviewed, excluded.reviewers, excluded.review_rounds, excluded.first_approval_at);
  end $$;
`;

/** The same of what their own rows say alone, which moves with each push and merge: nobody's comments are counted again. */
const WRITE_OWN = `
  create function write_size_and_hours(ids bigint[]) returns void language plpgsql set enable_seqscan = off as $$
  begin
    insert into pull_request_figures as f (pull_request_id, repository_id, merged_at, size, hours_to_merge, coding_hours)
    select p.* from unnest(ids) given(id)
    cross join lateral (
      select p.id, p.repository_id, ${OF_ROW} from pull_requests p where p.id = given.id and p.deleted_at is null offset 0
    ) p
    order by p.id
    on conflict (pull_request_id) do update set merged_at = excluded.merged_at, size = excluded.size,
      hours_to_merge = excluded.hours_to_merge, coding_hours = excluded.coding_hours
      where (f.merged_at, f.size, f.hours_to_merge, f.coding_hours) is distinct from
        (excluded.merged_at, excluded.size, excluded.hours_to_merge, excluded.coding_hours);
  end $$;
`;

/** Calls the function for the rows that an update left other than they were: those in only one of the two tables. */
function ofMoved(write: string, columns: readonly string[]): string {
  const of = (row: string) => columns.map((column) => `${row}.${column}`).join(', ');
  const named = ['id', ...columns, 'live'].join(', ');
  return `perform ${write}(ids) from (select array_agg(distinct id) as ids from (select ${named} from (
          select n.id, ${of('n')}, n.deleted_at is null as live from new_rows n
          union all select o.id, ${of('o')}, o.deleted_at is null from old_rows o
        ) both_rows group by ${named} having count(*) = 1) moved) found where ids is not null;`;
}

/** Plans are kept for a session, and who writes locks the table first (v1-0045). */
const TRIGGER = `
  create or replace function keep_figures_of_pull_requests() returns trigger language plpgsql
    set enable_seqscan = off as $$
  begin
    lock table pull_request_figures in row exclusive mode;
    if tg_op = 'INSERT' then
      perform write_pull_request_figures(ids) from (select array_agg(id) as ids from new_rows) found where ids is not null;
    elsif tg_op = 'DELETE' then
      perform write_pull_request_figures(ids) from (select array_agg(id) as ids from old_rows) found where ids is not null;
    else
      ${ofMoved('write_pull_request_figures', ['repository_id', 'number', 'author_id'])}
      ${ofMoved('write_size_and_hours', ['created_at', 'merged_at', 'first_commit_at', 'additions', 'deletions'])}
    end if;
    return null;
  end $$;
`;

/**
 * A row for every live pull request, with all that `pull_request_metrics` tells of it (docs/decisions/0033): the view read the
 * wide rows of `pull_requests` beside it. The rows from before follow in v1-0073.
 */
export class V10072FiguresOfAllPullRequests extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '240ms'`);
    for (const statement of [COLUMNS, WRITE, WRITE_REVIEWS, WRITE_OWN, TRIGGER]) this.addSql(statement);
  }
}
