import { Migration } from '@mikro-orm/migrations';

/**
 * `duration_ms` and `temporal_url` of a job as columns, for whoever reads jobs by SQL. The duration is set by a trigger: a
 * generated column would rewrite the table, and processes of before do not write it. Of those that ended before: v1-0058.
 */
export class V10057JobDurations extends Migration {
  override up(): void {
    this.addSql('alter table sync_jobs add column duration_ms bigint, add column temporal_url text');
    this.addSql(`
      create function time_job() returns trigger language plpgsql as $$
      begin
        new.duration_ms := round(extract(epoch from new.finished_at - new.started_at) * 1000);
        return new;
      end $$;
    `);
    this.addSql(`
      create trigger time_ended before update on sync_jobs for each row
        when (new.finished_at is distinct from old.finished_at) execute function time_job();
    `);
  }
}
