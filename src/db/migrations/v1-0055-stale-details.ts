import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/**
 * The pull requests whose detail is not of their last change, by number. A round that looks for them went through every row of the
 * repository, for one that changed; and a first reading did so again for each hundred.
 */
export class V10055StaleDetails extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    const on = `on pull_requests (repository_id, number)
      where detail_of is distinct from updated_at and node_id is not null and deleted_at is null`;
    for (const statement of createConcurrently('pull_requests_stale_detail', on)) this.addSql(statement);
  }
}
