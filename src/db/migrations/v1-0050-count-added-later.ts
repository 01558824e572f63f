import { Migration } from '@mikro-orm/migrations';

/**
 * What v1-0027 did for updated commits, for inserted ones: a first history is written while the other lists of its repository
 * are, and its transaction counts its commits at its end.
 */
export class V10050CountAddedLater extends Migration {
  override up(): void {
    this.addSql(`
      create or replace trigger count_inserted after insert on commits
        referencing new table as new_rows
        for each statement when (current_setting('github_auto_sync.count_commits', true) is distinct from 'later')
        execute function count_commits();
    `);
  }
}
