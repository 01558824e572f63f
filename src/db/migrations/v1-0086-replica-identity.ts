import { Migration } from '@mikro-orm/migrations';

/**
 * The only table without a primary key: a key over its long addresses would exceed what an index holds. If a publication
 * contains it (`for all tables`), PostgreSQL rejects deletions from it unless a row is told by all of its columns.
 */
export class V10086ReplicaIdentity extends Migration {
  override up(): void {
    this.addSql('alter table contributor_emails_long replica identity full');
  }
}
