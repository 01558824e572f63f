import { Migration } from '@mikro-orm/migrations';

/** What failed in a job, by the code of its error: `error` is only the last of them. Jobs of before have none. */
export class V10039ErrorsByCode extends Migration {
  override up(): void {
    this.addSql(`alter table sync_jobs add column errors_by_code jsonb not null default '{}'`);
  }
}
