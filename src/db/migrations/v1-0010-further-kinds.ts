import { Migration } from '@mikro-orm/migrations';

/**
 * What any further kind of GitHub's data needs beside a table: counts of rows by table, high-water marks and versions
 * by kind. Only adds, without a rewrite of any table.
 */
export class V10010FurtherKinds extends Migration {
  override up(): void {
    this.addSql(`
      alter table sync_jobs add column rows jsonb not null default '{}';
      alter table repository_sync
        -- by kind, the version of its description that its rows were last read whole with: a kind or a column that is
        -- added later fills in by itself
        add column imported jsonb not null default '{}',
        -- by further kind: everything updated before is in the rows
        add column high_water_marks jsonb not null default '{}',
        -- GitHub's answer to the wider question, and to the one that the rows were last brought equal to
        add column wide_latest jsonb,
        add column wide_applied jsonb;
    `);
  }
}
