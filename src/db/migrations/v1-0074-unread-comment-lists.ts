import { Migration } from '@mikro-orm/migrations';

/** Issues and pull requests whose list of comments could not be read: since when, when last, and why. */
export class V10074UnreadCommentLists extends Migration {
  override up(): void {
    this.addSql(`alter table comment_count_differences
      add column unread_since timestamptz, add column unread_at timestamptz, add column unread_reason text`);
  }
}
