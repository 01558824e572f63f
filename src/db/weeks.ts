import { sql } from 'kysely';

/** The weeks that figures are given for: the last 26, each named by the Monday (UTC) it begins on; the last is the current. */
const first = sql`date_trunc('week', now() at time zone 'UTC') - interval '25 weeks'`;

/** When the first of them begins. */
export const weeksBegin = sql`(${first}) at time zone 'UTC'`;

/** The weeks as the rows `w (week)`. */
export const weeks = sql`generate_series(
  ${first}, date_trunc('week', now() at time zone 'UTC'), interval '1 week') as w (week)`;
