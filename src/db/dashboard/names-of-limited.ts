import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** How many rate limits `health` shows. */
const LIMITS = 100;

/** The accounts, by installation id, of the rate limits with the least remaining. */
export async function namesOfLimited(db: Sql): Promise<Record<string, string>> {
  const { rows } = await sql<{ id: number; account_login: string }>`
    select i.id, i.account_login from (
      select distinct installation_id from (
        select installation_id from rate_limits where "limit" is not null and remaining is not null
        order by remaining, installation_id limit ${LIMITS}) least
    ) l join installations i on i.id = l.installation_id`.execute(db);
  return Object.fromEntries(rows.map(({ id, account_login: login }) => [String(id), login]));
}
