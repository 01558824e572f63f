import { Migration } from '@mikro-orm/migrations';

/** Since when an installation is suspended, or not, and deleted, or not: an answer that is older says nothing about that. */
export class V10076StandingOfInstallations extends Migration {
  override up(): void {
    this.addSql(`alter table installations add column standing_at timestamptz`);
    this.addSql(`create trigger installations_standing before update on installations for each row
      when (old.suspended_at is distinct from new.suspended_at or old.deleted_at is distinct from new.deleted_at)
      execute function note_standing()`);
  }
}
