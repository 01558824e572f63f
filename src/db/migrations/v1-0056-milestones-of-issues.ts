import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/** What names a milestone, to be emptied where that is deleted: every issue and pull request of its repository was read for it. */
export class V10056MilestonesOfIssues extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const table of ['issues', 'pull_requests']) {
      const on = `on ${table} (repository_id, milestone_id) where milestone_id is not null`;
      for (const statement of createConcurrently(`${table}_milestone`, on)) this.addSql(statement);
    }
  }
}
