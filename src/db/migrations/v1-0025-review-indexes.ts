import { Migration } from '@mikro-orm/migrations';
import { createConcurrently, replaceConcurrently } from './index-concurrently.ts';

/** Live rows that no bot wrote, as far as its login tells: the condition of the views, word for word. */
const byPeople = `where deleted_at is null and coalesce(author_login, '') not like '%[bot]'`;

const replaced = {
  issues_created: 'on issues (repository_id, created_at) include (deleted_at)',
  pull_requests_created: 'on pull_requests (repository_id, created_at) include (deleted_at)',
  pull_requests_state: 'on pull_requests (repository_id, state, updated_at) include (deleted_at)',
  pull_requests_merged: `on pull_requests (repository_id, merged_at) include (created_at, id, author_id, deleted_at)
    where merged_at is not null`,
  pull_requests_number: `on pull_requests (repository_id, number)
    include (id, author_id, created_at, ready_for_review_at, deleted_at)`,
  pull_request_reviews_submitted: `on pull_request_reviews (repository_id, submitted_at)
    include (number, pull_request_id, author_id) ${byPeople}`,
  issue_comments_created: `on issue_comments (repository_id, created_at) include (number, author_id) ${byPeople}`,
};
const created = {
  pull_request_reviews_people: `on pull_request_reviews (pull_request_id) include (submitted_at, author_id, state) ${byPeople}`,
  issue_comments_people: `on issue_comments (repository_id, number) include (created_at, author_id) ${byPeople}`,
};

/**
 * The figures of large repositories without a look at their rows: each index holds what the views of v1-0026 ask of it.
 * A login has no bound, an entry of an index has: that it is no bot's is a condition of the index and no column.
 */
export class V10025ReviewIndexes extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const [name, on] of Object.entries(replaced)) {
      for (const statement of replaceConcurrently(name, on)) this.addSql(statement);
    }
    for (const [name, on] of Object.entries(created)) {
      for (const statement of createConcurrently(name, on)) this.addSql(statement);
    }
  }
}
