import { sql, type RawBuilder } from 'kysely';
import { IN_FUTURE_MS } from '../time.ts';

/** `isInFuture` of `time.ts` for a column: a row with such a time would otherwise stay for ever. */
export function isInFuture(column: string): RawBuilder<boolean> {
  return sql`${sql.ref(column)} > now() + make_interval(secs => ${IN_FUTURE_MS / 1000})`;
}
