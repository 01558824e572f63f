import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/**
 * Which pull requests of a repository have a review: whether one that was merged has none (v1-0054) is told by this index alone,
 * without its row. An update that adds the tenth review has to write it again, one that adds a comment has not.
 */
export class V10053ReviewedPullRequests extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    const on = 'on pull_request_figures (repository_id, pull_request_id) where reviews > 0';
    for (const statement of createConcurrently('pull_request_figures_reviewed', on)) this.addSql(statement);
  }
}
