import { sql } from 'kysely';

/** When GitHub may be asked again, of a row of `rate_limits`: it refused, or nothing is left. Null: it may be asked now. */
export const limitedUntil = sql`greatest(blocked_until, case when remaining = 0 then resets_at end)`;

/** What is left of a row of `rate_limits`: all of it once the limit was reset. */
export const remainingNow = sql`case when resets_at <= now() then "limit" else remaining end`;
