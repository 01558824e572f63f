import { Migration } from '@mikro-orm/migrations';

/** What of the lists of issues and pull requests is there and could not be read, so that it is asked for again. */
export class V10019UnreadElements extends Migration {
  override up(): void {
    this.addSql(`alter table repository_sync add column unread jsonb not null default '{}'`);
  }
}
