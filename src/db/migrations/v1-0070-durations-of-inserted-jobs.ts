import { Migration } from '@mikro-orm/migrations';

/**
 * Jobs that are inserted when they have ended get their duration from the trigger's function of v1-0057 too (those of a
 * restored backup have it), so that it alone says what a duration is and every reader reads the column.
 */
export class V10070DurationsOfInsertedJobs extends Migration {
  override up(): void {
    this.addSql(`
      create trigger time_inserted before insert on sync_jobs for each row
        when (new.finished_at is not null and new.duration_ms is null) execute function time_job();
    `);
  }
}
