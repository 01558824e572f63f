import { Migration } from '@mikro-orm/migrations';

/**
 * The trigger of v1-0002 that counts updated commits, which a transaction may tell to leave that to itself: from its first
 * statement to its end nobody else could write the repository's row of `repository_totals`, and a history that is rewritten
 * takes seconds.
 */
export class V10027CountLater extends Migration {
  override up(): void {
    this.addSql(`
      create or replace trigger count_updated after update on commits
        referencing old table as old_rows new table as new_rows
        for each statement when (current_setting('github_auto_sync.count_commits', true) is distinct from 'later')
        execute function count_commits();
    `);
  }
}
