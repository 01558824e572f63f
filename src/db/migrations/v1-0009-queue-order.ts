import { Migration } from '@mikro-orm/migrations';

/**
 * The queue of comparisons in the order in which it is taken, by installation. Triggers keep the installation, so that
 * processes of the release before write it as well.
 */
export class V10009QueueOrder extends Migration {
  override up(): void {
    this.addSql(`alter table repository_sync add column installation_id bigint`);
    this.addSql(`create function repository_sync_installation() returns trigger language plpgsql as $$
      begin
        new.installation_id := (select installation_id from repositories where id = new.repository_id);
        return new;
      end $$`);
    this.addSql(`create trigger repository_sync_installation before insert on repository_sync
      for each row execute function repository_sync_installation()`);
    this.addSql(`create function repositories_installation() returns trigger language plpgsql as $$
      begin
        update repository_sync set installation_id = new.installation_id where repository_id = new.id;
        return null;
      end $$`);
    this
      .addSql(`create trigger repositories_installation after update of installation_id on repositories for each row
      when (old.installation_id is distinct from new.installation_id) execute function repositories_installation()`);
    this.addSql(`update repository_sync s set installation_id = r.installation_id
      from repositories r where r.id = s.repository_id`);
    this.addSql(`create index repository_sync_queue on repository_sync
      (installation_id, wanted_mode, wanted_rounds, wanted_at, repository_id) where wanted_at is not null`);
    this.addSql(`drop index repository_sync_wanted`);
  }
}
