import { Migration } from '@mikro-orm/migrations';
import { createConcurrently } from './index-concurrently.ts';

/** A label, milestone or release that bears the name of a new one was deleted at GitHub: found by its name, case ignored. */
const NAMES = { labels: 'name', milestones: 'title', releases: 'tag_name' };

/**
 * Not unique: until GitHub was asked, both are live. Of a title so much as a row of an index can hold whatever it is. Those that
 * are deleted are in it too: without statistics PostgreSQL would take an index of live rows for a short one, and read all of it
 * to find a row by its id.
 */
export class V10071UniqueNames extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const [table, column] of Object.entries(NAMES)) {
      const on = `on ${table} (repository_id, left(lower(${column}), 100))`;
      for (const statement of createConcurrently(`${table}_${column}`, on)) this.addSql(statement);
    }
  }
}
