import { sql, type RawBuilder } from 'kysely';

/**
 * The ids of several rows of `repository_sync s`, locked by id, as a part of the statement that changes them: every
 * statement and transaction that writes several of them does so in this order, and before the rows of `repositories`
 * that belong to them, like a round under its lease. In any other order two of them can block each other, and
 * PostgreSQL ends one.
 *
 * @param which what follows `from`, with the conditions
 */
export function lockedInOrder(which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(select s.repository_id from ${which} order by s.repository_id for no key update of s)`;
}
