import { Migration } from '@mikro-orm/migrations';

/** That no bot wrote the row, as far as its login tells: the condition of indexes (v1-0025), word for word. */
const noBot = (row: string) => `coalesce(${row}.author_login, '') not like '%[bot]'`;

/** By another person than the author of the pull request `p`; a lookup for each row, however many bots there are. */
const byAnother = (row: string) => `${row}.deleted_at is null and ${noBot(row)}
          and ${row}.author_id is distinct from p.author_id
          and (select type from contributors where id = ${row}.author_id) is distinct from 'Bot'`;

/**
 * How a table's triggers find the pull requests whose first review may have moved. Each query is over rows of the statement,
 * and looks other tables up row by row: a plan is made once for a session, of whatever number of rows came first.
 */
interface Source {
  table: string;
  /** which pull request a row belongs to, given its name */
  pullRequest: (row: string) => string;
  /** what of a row the first review depends on, beside its id and whether it is live */
  columns: readonly string[];
  /** which inserted rows matter, `n` being the row and `pull` its pull request */
  inserted: string;
}

const isEarlier = (time: string) => `n.deleted_at is null and ${noBot('n')} and n.${time} < coalesce(
          (select first_review_at from pull_request_first_reviews where pull_request_id = pull.id), 'infinity')`;

const sources: readonly Source[] = [
  {
    table: 'pull_requests',
    pullRequest: (row) => `select ${row}.id`,
    columns: ['repository_id', 'number', 'author_id', 'created_at', 'ready_for_review_at'],
    inserted: 'true',
  },
  {
    table: 'pull_request_reviews',
    pullRequest: (row) => `select ${row}.pull_request_id as id`,
    columns: ['pull_request_id', 'author_id', 'author_login', 'submitted_at'],
    inserted: isEarlier('submitted_at'),
  },
  {
    table: 'issue_comments',
    // One that is on an issue has none.
    pullRequest: (row) => `select p.id from pull_requests p
          where p.repository_id = ${row}.repository_id and p.number = ${row}.number offset 0`,
    columns: ['repository_id', 'number', 'author_id', 'author_login', 'created_at'],
    inserted: isEarlier('created_at'),
  },
];

/** A row for each live pull request that a person other than its author reviewed, or said something to in its conversation. */
const TABLE = `
  create table pull_request_first_reviews (
    pull_request_id bigint primary key,
    repository_id bigint not null,
    -- ready for review, else opened
    waiting_since timestamptz not null,
    first_review_at timestamptz not null
  );
  create index pull_request_first_reviews_time on pull_request_first_reviews (repository_id, first_review_at)
    include (waiting_since);
`;

/** Makes the rows of these pull requests anew: what is counted anew cannot drift. */
const WRITE = `
  create function write_first_reviews(ids bigint[]) returns void language plpgsql
    set enable_seqscan = off as $$
  begin
    with found as materialized (
      select given.id, p.repository_id, p.waiting_since, p.first_review_at
      from unnest(ids) given(id)
      left join lateral (
        select p.repository_id, coalesce(p.ready_for_review_at, p.created_at) as waiting_since, least(
          -- A plain minimum might be looked for in an index by time, through all of the repository.
          (select min(w.submitted_at) filter (where true) from pull_request_reviews w
            where w.pull_request_id = p.id and ${byAnother('w')}),
          (select min(k.created_at) filter (where true) from issue_comments k
            where k.repository_id = p.repository_id and k.number = p.number and ${byAnother('k')})
        ) as first_review_at
        from pull_requests p where p.id = given.id and p.deleted_at is null offset 0
      ) p on true
    ), gone as (
      delete from pull_request_first_reviews
      where pull_request_id = any(array(select id from found where first_review_at is null))
    )
    insert into pull_request_first_reviews as f (pull_request_id, repository_id, waiting_since, first_review_at)
    select id, repository_id, waiting_since, first_review_at from found where first_review_at is not null order by id
    on conflict (pull_request_id) do update set repository_id = excluded.repository_id,
      waiting_since = excluded.waiting_since, first_review_at = excluded.first_review_at
      where (f.repository_id, f.waiting_since, f.first_review_at)
        is distinct from (excluded.repository_id, excluded.waiting_since, excluded.first_review_at);
  end $$;
`;

function triggersOf({ table, pullRequest, columns, inserted }: Source): string {
  const kept = (row: string) =>
    ['id', ...columns].map((column) => `${row}.${column}`).concat(`${row}.deleted_at is null as live`);
  const named = ['id', ...columns, 'live'].join(', ');
  return `
    create function find_first_${table}() returns trigger language plpgsql set enable_seqscan = off as $$
    declare
      concerned bigint[];
    begin
      lock table pull_request_first_reviews in row exclusive mode;
      if tg_op = 'INSERT' then
        concerned := array(select distinct pull.id from new_rows n cross join lateral (${pullRequest('n')}) pull
          where ${inserted});
      elsif tg_op = 'DELETE' then
        concerned := array(select distinct pull.id from old_rows o cross join lateral (${pullRequest('o')}) pull);
      else
        -- A row that is in only one of both is another than it was.
        concerned := array(select distinct pull.id from (
            select ${named} from (
              select ${kept('n').join(', ')} from new_rows n union all select ${kept('o').join(', ')} from old_rows o
            ) both_rows group by ${named} having count(*) = 1
          ) moved cross join lateral (${pullRequest('moved')}) pull);
      end if;
      if cardinality(concerned) > 0 then
        perform write_first_reviews(concerned);
      end if;
      return null;
    end $$;
    create trigger first_reviews_inserted after insert on ${table}
      referencing new table as new_rows for each statement execute function find_first_${table}();
    create trigger first_reviews_updated after update on ${table}
      referencing old table as old_rows new table as new_rows for each statement execute function find_first_${table}();
    create trigger first_reviews_deleted after delete on ${table}
      referencing old table as old_rows for each statement execute function find_first_${table}();
  `;
}

/**
 * An account that turns out to be a bot, or to be none. Whoever writes meanwhile (each such statement locks the table) comes
 * before or after it, and so does not count by what the account was.
 */
const ACCOUNTS = `
  create function find_first_of_account() returns trigger language plpgsql set enable_seqscan = off as $$
  begin
    lock table pull_request_first_reviews in share row exclusive mode;
    perform write_first_reviews(array(
      select pull_request_id from pull_request_reviews where author_id = new.id
      union
      select pull.id from issue_comments k cross join lateral (
        select p.id from pull_requests p where p.repository_id = k.repository_id and p.number = k.number offset 0
      ) pull where k.author_id = new.id));
    return null;
  end $$;
  create trigger first_reviews_updated after update of type on contributors
    for each row when ((old.type = 'Bot') is distinct from (new.type = 'Bot'))
    execute function find_first_of_account();
`;

/**
 * When each pull request was looked at for the first time, kept by triggers (docs/decisions/0025): figures of a whole
 * installation asked two questions for each pull request. Triggers also for what older processes write; the rows from before
 * follow in v1-0038. Four tables are locked to be given triggers: for a quarter of a second each at most.
 */
export class V10037FirstReviews extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '240ms'`);
    for (const source of sources) this.addSql(triggersOf(source));
    this.addSql(ACCOUNTS);
    this.addSql(TABLE);
    this.addSql(WRITE);
  }
}
