import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/**
 * The repositories that are gone, of which there are few: health leaves theirs out of the totals, for which it joined every live
 * one with its totals and its state.
 */
export class V10063RemovedRepositories extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const statement of createConcurrently(
      'repositories_removed',
      'on repositories (id) where removed_at is not null',
    ))
      this.addSql(statement);
  }
}
