import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

const indexes = {
  sync_jobs_status: `on sync_jobs (status, started_at, id) where status <> 'completed'`,
  sync_jobs_type: `on sync_jobs (job_type, started_at, id) where job_type <> 'webhook'`,
};

/**
 * `GET /api/sync/jobs/` among hundreds of thousands, newest first: an index for each filter. Most jobs are completed ones
 * of webhooks, which the newest of all are among.
 */
export class V10024JobFilters extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const [name, on] of Object.entries(indexes)) {
      for (const statement of createConcurrently(name, on)) this.addSql(statement);
    }
  }
}
