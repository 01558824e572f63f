import { Migration } from '@mikro-orm/migrations';

/** Those that ended before v1-0057. Nobody writes an ended job any more, so that nobody waits for this. */
export class V10058DurationsOfEndedJobs extends Migration {
  override up(): void {
    this.addSql(`
      update sync_jobs set duration_ms = round(extract(epoch from finished_at - started_at) * 1000)
      where finished_at is not null and duration_ms is null;
    `);
  }
}
