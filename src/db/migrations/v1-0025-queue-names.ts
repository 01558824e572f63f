import { Migration } from '@mikro-orm/migrations';

/**
 * The queue's columns and modes under the field's names. The only migration that renames: nothing had been released. The
 * index has the modes backwards, which is the order in which they are taken: incremental, full, backfill.
 */
export class V10025QueueNames extends Migration {
  override up(): void {
    this.addSql(`drop index repository_sync_queue`);
    for (const [before, after] of RENAMED) {
      this.addSql(`alter table repository_sync rename column ${before} to ${after}`);
    }
    this.addSql(`alter table repository_sync drop constraint repository_sync_wanted_mode_check`);
    this.addSql(`update repository_sync set queued_mode = case queued_mode
        when 'changes' then 'incremental' when 'everything' then 'full' else 'backfill' end
      where queued_mode is not null`);
    this.addSql(`alter table repository_sync add constraint repository_sync_queued_mode_check
      check (queued_mode in ('incremental', 'full', 'backfill'))`);
    this.addSql(`create index repository_sync_queue on repository_sync
      (installation_id, queued_mode desc, attempts, queued_at, repository_id) where queued_at is not null`);
  }
}

const RENAMED = [
  ['wanted_at', 'queued_at'],
  ['wanted_mode', 'queued_mode'],
  ['wanted_rounds', 'attempts'],
  ['wanted_after', 'not_before'],
  ['walks', 'checkpoints'],
] as const;
