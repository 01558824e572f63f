import { sql } from 'kysely';
import type { Probe } from '../../model.ts';
import { upsertShares } from '../repository-contributors/upsert-shares.ts';
import { countedKinds, type CountedName } from '../../entities/index.ts';
import type { Sql } from '../orm.ts';
import { lockRepositories } from '../repositories/upsert-repositories.ts';
import { setFirstCompared, type FirstState } from '../repositories/sync-status.ts';
import { comparedRows } from './compared-rows.ts';
import { countedColumns } from '../rows/counted-columns.ts';

/** A repository that had no rows, and whose rows were all written just now. */
export interface FirstComparison extends FirstState {
  /** the snapshot that the rows now match */
  applied: Probe;
  /** the value of `wanted_at` at the start: what was queued since then stays queued */
  queued_at: string;
  high_water_marks: Readonly<Record<CountedName, string | null>>;
}

const through = (name: CountedName) => sql.ref(`${name}_through`);
const marks = countedColumns((name) => sql`${through(name)} timestamptz`);

/**
 * Ends the first comparisons of several repositories, like `finishComparison` and the steps around it do for
 * one, and releases their leases. In the transaction that wrote their rows.
 *
 * @param imported the versions of the descriptions that they were read with
 * @param isMoreToRead whether further kinds are still to be read: each is queued for them, behind all other
 * work
 */
export async function finishFirstComparisons(
  tx: Sql,
  done: readonly FirstComparison[],
  imported: Readonly<Record<string, number>>,
  isMoreToRead: boolean,
): Promise<void> {
  const ids = done.map(({ id }) => id);
  await sql`${upsertShares(sql`
    select given.id, c.author_id, c.n, c.first_at, c.last_at
    from unnest(${ids}::bigint[]) as given(id) cross join lateral (
      select author_id, count(*)::int as n, min(committed_at) as first_at, max(committed_at) as last_at
      from commits where repository_id = given.id and orphaned_at is null and author_id is not null
      group by author_id) c`)}`.execute(tx);
  const compared = await comparedRows(tx, ids);
  const rows = done.map((one) => ({
    ...one,
    ...Object.fromEntries(countedKinds.map(({ name }) => [`${name}_through`, one.high_water_marks[name]])),
    verified: { compared: compared.get(one.id) ?? {}, healed: {} },
  }));
  const given = sql`json_to_recordset(${JSON.stringify(rows)}::json) as r(id bigint, applied jsonb,
    queued_at timestamptz, verified jsonb, ${marks})`;
  // In the same order as a listing of the installation, which locks all of its repositories.
  await lockRepositories(tx, ids);
  await setFirstCompared(tx, done);
  // Times come out of the database in milliseconds; a finer one would never be equal.
  const isQueuedAgain = sql`s.wanted_at is not null and date_trunc('milliseconds', s.wanted_at) <> r.queued_at`;
  const kept = (column: string, further: string) =>
    sql`case when ${isQueuedAgain} then ${sql.ref(`s.${column}`)} when ${isMoreToRead}::boolean then ${sql.raw(further)} end`;
  await sql`update repository_sync s set seen = r.applied, imported = s.imported || ${JSON.stringify(imported)}::jsonb,
      verified = r.verified, verified_at = clock_timestamp(), wanted_rounds = 0, wanted_after = null,
      wanted_at = ${kept('wanted_at', 'now()')}, wanted_mode = ${kept('wanted_mode', `'further'`)},
      ${countedColumns((name) => sql`${through(name)} = r.${through(name)}`)},
      lease_token = null, lease_owner = null, lease_until = null
    from ${given} where s.repository_id = r.id`.execute(tx);
}
