import { Migration } from '@mikro-orm/migrations';

/** By a person: by no bot, which the login says as well; a lookup for each row, however many bots there are. */
const byPerson = (
  row: string,
) => `${row}.deleted_at is null and coalesce(${row}.author_login, '') not like '%[bot]'
        and (select type from contributors where id = ${row}.author_id) is distinct from 'Bot'`;

/** What the reviews of the pull request `p` say: those of other people than its author, all deleted accounts being one. */
export const REVIEWS = `
        select count(*)::int as reviews, count(distinct coalesce(w.author_id, 0))::int as reviewers,
          count(distinct w.commit_sha)::int as review_rounds,
          min(w.submitted_at) filter (where w.state = 'APPROVED') as first_approval_at
        from pull_request_reviews w
        where w.pull_request_id = p.id and w.author_id is distinct from p.author_id and ${byPerson('w')}`;

/** What is said about the pull request `p`, and not resolved. */
export const CONVERSATION = `(
          select count(*)::int from issue_comments k
          where k.repository_id = p.repository_id and k.number = p.number and ${byPerson('k')}
        ) + (
          select count(*)::int from pull_request_review_comments k where k.pull_request_id = p.id and ${byPerson('k')}
        ) as comments, (
          select count(*)::int from pull_request_review_threads t
          where t.pull_request_id = p.id and t.deleted_at is null and not t.resolved
        ) as unresolved_threads`;

const TABLE = `
  create table pull_request_figures (
    pull_request_id bigint primary key,
    repository_id bigint not null,
    reviews int not null default 0,
    reviewers int not null default 0,
    review_rounds int not null default 0,
    first_approval_at timestamptz,
    comments int not null default 0,
    unresolved_threads int not null default 0
  ) with (fillfactor = 80); -- no index has what moves
`;

/** Makes the rows of these pull requests anew. */
const WRITE = `
  create function write_pull_request_figures(ids bigint[]) returns void language plpgsql set enable_seqscan = off as $$
  begin
    with found as materialized (
      select given.id, p.*, coalesce(p.reviews + p.comments + p.unresolved_threads, 0) > 0 as has_figures
      from unnest(ids) given(id)
      left join lateral (
        select p.repository_id, v.*, ${CONVERSATION}
        from pull_requests p cross join lateral (${REVIEWS}) v
        where p.id = given.id and p.deleted_at is null offset 0
      ) p on true
    ), gone as (
      delete from pull_request_figures where pull_request_id = any(array(select id from found where not has_figures))
    )
    insert into pull_request_figures as f (pull_request_id, repository_id, reviews, reviewers, review_rounds,
      first_approval_at, comments, unresolved_threads)
    select id, repository_id, reviews, reviewers, review_rounds, first_approval_at, comments, unresolved_threads
    from found where has_figures order by id
    on conflict (pull_request_id) do update set repository_id = excluded.repository_id, reviews = excluded.reviews,
      reviewers = excluded.reviewers, review_rounds = excluded.review_rounds, first_approval_at = excluded.first_approval_at,
      comments = excluded.comments, unresolved_threads = excluded.unresolved_threads
      where f is distinct from excluded;
  end $$;
`;

/** The same of their reviews alone, which are few: comments are not counted again. */
const WRITE_REVIEWS = `
  create function write_review_figures(ids bigint[]) returns void language plpgsql set enable_seqscan = off as $$
  begin
    insert into pull_request_figures as f
      (pull_request_id, repository_id, reviews, reviewers, review_rounds, first_approval_at)
    select p.id, p.repository_id, v.reviews, v.reviewers, v.review_rounds, v.first_approval_at
    from unnest(ids) given(id)
    cross join lateral (
      select id, repository_id, author_id from pull_requests where id = given.id and deleted_at is null offset 0
    ) p
    cross join lateral (${REVIEWS} offset 0) v
    where v.reviews > 0 or exists (select 1 from pull_request_figures f where f.pull_request_id = p.id)
    order by p.id
    on conflict (pull_request_id) do update set reviews = excluded.reviews, reviewers = excluded.reviewers,
      review_rounds = excluded.review_rounds, first_approval_at = excluded.first_approval_at
      where (f.reviews, f.reviewers, f.review_rounds, f.first_approval_at)
        is distinct from (excluded.reviews, excluded.reviewers, excluded.review_rounds, excluded.first_approval_at);
  end $$;
`;

interface Source {
  table: string;
  /** what happens after a statement that inserted, deleted or changed rows */
  inserted: string;
  deleted: string;
  updated: string;
}

/**
 * Figures that are made anew: of the pull requests of inserted, deleted and moved rows.
 *
 * @param columns what of a row the figures depend on, beside its id and whether it is live
 */
function madeAnew(table: string, write: string, pullRequest: string, columns: readonly string[]): Source {
  const kept = (row: string) =>
    ['id', ...columns]
      .map((column) => `${row}.${column}`)
      .concat(`${row}.deleted_at is null as live`)
      .join(', ');
  const named = ['id', ...columns, 'live'].join(', ');
  const of = (rows: string) =>
    `perform ${write}(ids) from (select array_agg(distinct ${pullRequest}) as ids from ${rows}) found where ids is not null;`;
  // A row that is in only one of both is another than it was.
  const moved = `(select ${named} from (
          select ${kept('n')} from new_rows n union all select ${kept('o')} from old_rows o
        ) both_rows group by ${named} having count(*) = 1) moved`;
  return { table, inserted: of('new_rows'), deleted: of('old_rows'), updated: of(moved) };
}

/**
 * Figures that are counts of rows, which what a statement changed is added to.
 *
 * @param counted which rows count
 * @param pullRequest the live pull request of rows grouped by `keys`
 */
function added(
  table: string,
  column: string,
  { counted, keys, pullRequest }: { counted: (row: string) => string; keys: string; pullRequest: string },
): Source {
  const count = (rows: string, sign: string) =>
    `select ${keys}, ${sign}count(*) as n from ${rows} x where ${counted('x')} group by ${keys}`;
  const add = (difference: string) => `
        insert into pull_request_figures as f (pull_request_id, repository_id, ${column})
        select pull.id, pull.repository_id, sum(d.n)::int from (${difference}) d cross join lateral (
          select p.id, p.repository_id from pull_requests p where ${pullRequest} and p.deleted_at is null offset 0
        ) pull
        group by pull.id, pull.repository_id having sum(d.n) <> 0 order by pull.id
        on conflict (pull_request_id) do update set ${column} = f.${column} + excluded.${column};`;
  const [more, less] = [count('new_rows', ''), count('old_rows', '-')];
  return { table, inserted: add(more), deleted: add(less), updated: add(`${more} union all ${less}`) };
}

const REVIEW_COLUMNS = [
  'pull_request_id',
  'author_id',
  'author_login',
  'submitted_at',
  'state',
  'commit_sha',
];
const OF_ROW = { keys: 'pull_request_id', pullRequest: 'p.id = d.pull_request_id' };
const OF_NUMBER = {
  keys: 'repository_id, number',
  pullRequest: 'p.repository_id = d.repository_id and p.number = d.number',
};

const sources: readonly Source[] = [
  madeAnew('pull_requests', 'write_pull_request_figures', 'id', ['repository_id', 'number', 'author_id']),
  madeAnew('pull_request_reviews', 'write_review_figures', 'pull_request_id', REVIEW_COLUMNS),
  added('issue_comments', 'comments', { counted: byPerson, ...OF_NUMBER }),
  added('pull_request_review_comments', 'comments', { counted: byPerson, ...OF_ROW }),
  added('pull_request_review_threads', 'unresolved_threads', {
    counted: (row) => `${row}.deleted_at is null and not ${row}.resolved`,
    ...OF_ROW,
  }),
];

/**
 * A plan is kept for a session, made for however many rows came first: so lookups are lateral with `offset 0`. Whoever writes
 * locks the table as every statement that changes it does, before it looks who is a bot.
 */
function triggersOf({ table, inserted, deleted, updated }: Source): string {
  return `
    create function keep_figures_of_${table}() returns trigger language plpgsql set enable_seqscan = off as $$
    begin
      lock table pull_request_figures in row exclusive mode;
      if tg_op = 'INSERT' then ${inserted}
      elsif tg_op = 'DELETE' then ${deleted}
      else ${updated}
      end if;
      return null;
    end $$;
    create trigger figures_inserted after insert on ${table}
      referencing new table as new_rows for each statement execute function keep_figures_of_${table}();
    create trigger figures_updated after update on ${table}
      referencing old table as old_rows new table as new_rows for each statement execute function keep_figures_of_${table}();
    create trigger figures_deleted after delete on ${table}
      referencing old table as old_rows for each statement execute function keep_figures_of_${table}();
  `;
}

/** An account that turns out to be a bot, or to be none: whoever writes meanwhile comes before or after it. */
const ACCOUNTS = `
  create function keep_figures_of_account() returns trigger language plpgsql set enable_seqscan = off as $$
  begin
    lock table pull_request_figures in share row exclusive mode;
    perform write_pull_request_figures(array(
      select pull_request_id from pull_request_reviews where author_id = new.id
      union
      select pull_request_id from pull_request_review_comments where author_id = new.id
      union
      select pull.id from issue_comments k cross join lateral (
        select p.id from pull_requests p where p.repository_id = k.repository_id and p.number = k.number offset 0
      ) pull where k.author_id = new.id));
    return null;
  end $$;
  create trigger figures_updated after update of type on contributors
    for each row when ((old.type = 'Bot') is distinct from (new.type = 'Bot'))
    execute function keep_figures_of_account();
`;

/**
 * What the reviews, comments and conversations of each pull request come to, kept by triggers (docs/decisions/0033): the view
 * `pull_request_metrics` looked them all up for each one. Triggers also for what older processes write; the rows from before follow in
 * v1-0047. Tables are locked to be given triggers: for a quarter of a second each at most.
 */
export class V10045PullRequestFigures extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '240ms'`);
    this.addSql(TABLE);
    this.addSql(WRITE);
    this.addSql(WRITE_REVIEWS);
    for (const source of sources) this.addSql(triggersOf(source));
    this.addSql(ACCOUNTS);
  }
}
