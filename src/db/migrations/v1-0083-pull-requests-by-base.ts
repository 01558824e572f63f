import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/**
 * Open pull requests by the branch that they are to be merged into, which are looked for when a branch is deleted: all open ones of
 * the repository were read, for each branch that was merged.
 */
export class V10083PullRequestsByBase extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    const on = `on pull_requests (repository_id, base_ref) where state = 'open' and deleted_at is null`;
    for (const statement of createConcurrently('pull_requests_base', on)) this.addSql(statement);
  }
}
