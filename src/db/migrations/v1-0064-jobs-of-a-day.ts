import { Migration } from '@mikro-orm/migrations';
import { replaceConcurrently } from './index-concurrently.ts';

/** What health and metrics count of the jobs of a day: their type was in their rows alone, which were read one by one. */
export class V10064JobsOfADay extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    const on = 'on sync_jobs (finished_at) include (status, job_type) where finished_at is not null';
    for (const statement of replaceConcurrently('sync_jobs_finished', on)) this.addSql(statement);
  }
}
