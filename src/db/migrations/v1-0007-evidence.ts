import { Migration } from '@mikro-orm/migrations';

/** What the comparison has to remember of GitHub: kinds switched off, counts that disagree, and since when a row stands. */
export class V10007Evidence extends Migration {
  override up(): void {
    this.addSql(`alter table repositories add column has_pull_requests boolean not null default true`);
    // since when a repository belongs where it does: a page of a list that is older says nothing about it
    this.addSql(`alter table repositories add column standing_at timestamptz`);
    // by list: how far GitHub's count and its list were apart when both were last read
    this.addSql(`alter table repository_sync add column differences jsonb not null default '{}'`);
    this.addSql(`create function note_standing() returns trigger language plpgsql as $$
      begin
        new.standing_at := clock_timestamp();
        return new;
      end $$`);
    this.addSql(`create trigger repositories_standing before update on repositories for each row
      when (old.installation_id is distinct from new.installation_id or old.removed_at is distinct from new.removed_at)
      execute function note_standing()`);
  }
}
