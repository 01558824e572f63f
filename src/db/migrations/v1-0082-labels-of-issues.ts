import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/**
 * Live issues and pull requests by repository and label, which are looked for when a label is renamed or deleted: all of the
 * repository's were read. Each pair of label and repository is a hash of four bytes (decision 44). What was written last waits
 * in a list that every look-up goes through, hence its limit, the smallest that PostgreSQL accepts.
 */
export class V10082LabelsOfIssues extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    const pairs = 'jsonb_object(labels, array_fill(repository_id::text, array[cardinality(labels)]))';
    const on = `using gin ((${pairs}) jsonb_path_ops) with (gin_pending_list_limit = 64)
      where labels <> '{}' and deleted_at is null`;
    for (const table of ['issues', 'pull_requests']) {
      for (const statement of createConcurrently(`${table}_labels`, `on ${table} ${on}`))
        this.addSql(statement);
    }
  }
}
