import { sql } from 'kysely';
import type { LimitState } from '../../model.ts';
import { sqlOf, type Orm } from '../orm.ts';
import { LONGEST_LIMIT_MS } from '../../time.ts';

/** A time in a column; null if it is not believed (`LONGEST_LIMIT_MS`). */
const believed = (column: string) =>
  sql`case when ${sql.ref(column)} <= now() + make_interval(secs => ${LONGEST_LIMIT_MS / 1000}) then ${sql.ref(column)} end`;
const keeps = sql`coalesce(${believed('r.blocked_until')} > coalesce(${believed('excluded.blocked_until')}, '-infinity'), false)`;

/** The rate limits of installations at GitHub, shared by all processes through `rate_limits`. */
export function createLimitLedger(orm: Orm) {
  async function read(installationId: number): Promise<Map<string, LimitState>> {
    const { rows } = await sql<LimitState & { resource: string }>`
      select resource, "limit", remaining, resets_at, blocked_until, blocked_code
      from rate_limits where installation_id = ${installationId}`.execute(sqlOf(orm));
    return new Map(rows.map(({ resource, ...state }) => [resource, state]));
  }

  async function write(installationId: number, resource: string, state: LimitState): Promise<void> {
    await sql`
      insert into rate_limits as r
        (installation_id, resource, "limit", remaining, resets_at, blocked_until, blocked_code, updated_at)
      values (${installationId}, ${resource}, ${state.limit}, ${state.remaining}, ${state.resets_at},
        ${state.blocked_until}, ${state.blocked_code}, now())
      on conflict (installation_id, resource) do update set
        "limit" = excluded."limit", remaining = excluded.remaining, resets_at = excluded.resets_at,
        -- a refusal that another process met is not forgotten by one that did not
        blocked_until = case when ${keeps} then r.blocked_until else excluded.blocked_until end,
        blocked_code = case when ${keeps} then r.blocked_code else excluded.blocked_code end,
        updated_at = now()`.execute(sqlOf(orm));
  }

  return { read, write };
}
