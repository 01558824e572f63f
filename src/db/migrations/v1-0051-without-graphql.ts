import { Migration } from '@mikro-orm/migrations';

/** When a repository was last compared although GraphQL does not answer, and when its complete comparison was last queued. */
export class V10051WithoutGraphql extends Migration {
  override up(): void {
    this.addSql(`
      alter table repository_sync
        add column if not exists without_graphql_at timestamptz,
        add column if not exists verification_queued_at timestamptz;
    `);
  }
}
