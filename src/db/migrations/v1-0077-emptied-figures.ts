import { Migration } from '@mikro-orm/migrations';

/**
 * `truncate` fires no trigger of rows: the figures of v1-0045 and the first reviews of v1-0037, which the views read, stayed as
 * they were. Emptying `pull_requests` empties them; after any other table those that counted something are made anew.
 */
const EMPTIED = `
  create or replace function empty_pull_request_figures() returns trigger language plpgsql as $$
  begin
    if tg_table_name = 'pull_requests' then
      truncate pull_request_figures, pull_request_first_reviews;
      return null;
    end if;
    lock table pull_request_first_reviews in share row exclusive mode;
    lock table pull_request_figures in share row exclusive mode;
    perform write_first_reviews(array(select pull_request_id from pull_request_first_reviews));
    perform write_pull_request_figures(array(select pull_request_id from pull_request_figures
      where reviews <> 0 or comments <> 0 or unresolved_threads <> 0));
    return null;
  end $$`;

const TABLES = [
  'pull_requests',
  'pull_request_reviews',
  'issue_comments',
  'pull_request_review_comments',
  'pull_request_review_threads',
];

/** One table at a time, so that none is locked while another is waited for. */
export class V10077EmptiedFigures extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(EMPTIED);
    for (const table of TABLES) {
      this.addSql(`
        set local lock_timeout = '240ms';
        create or replace trigger figures_emptied after truncate on ${table}
          for each statement execute function empty_pull_request_figures()
      `);
    }
  }
}
