import { sql, type RawBuilder } from 'kysely';
import type { WideProbe } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { isFarAhead } from '../times-ahead.ts';
import { storedMode } from './compare-mode.ts';
import { lockedInOrder } from './lock-in-order.ts';

/** How often the wider query is sent for each repository. */
const HOUR = 3600;
/** A repository that was queried this recently, for example at its import, waits for the next hour. */
const RECENT = HOUR / 2;
/**
 * For how many seconds an answer may wait for the lists to be read: 20 repositories, six at a time, of 20 s each
 * at most, and some more. What changes meanwhile differs from it in the next hour, and is found then.
 */
const ASKED_AHEAD = 600;

/** Whether an answer is recent enough, and of all these kinds, for the lists to be read after it. */
export function isAskedAhead(answer: WideProbe | null, kinds: readonly string[]): answer is WideProbe {
  if (answer === null || kinds.some((kind) => answer.signs[kind] === undefined)) return false;
  return Math.abs(Date.now() - Date.parse(answer.asked_at)) < ASKED_AHEAD * 1000;
}

/**
 * The repositories of an installation for which the wider query is due, spread over the hour by id. Those that
 * were never queried are not included: the import of their further kinds does it.
 */
export async function dueForWideProbe(
  db: Sql,
  installationId: number,
): Promise<{ id: number; node_id: string }[]> {
  const askedAt = sql`(s.wide_latest ->> 'asked_at')::timestamptz`;
  const { rows } = await sql<{ id: number; node_id: string }>`
    select r.id, r.node_id from repositories r join repository_sync s on s.repository_id = r.id
    where r.installation_id = ${installationId} and r.removed_at is null and s.wide_latest is not null
      and (${askedAt} < now() - make_interval(secs => ${RECENT}) and ${hourOf(askedAt)} < ${hourOf(sql`now()`)}
        or ${isFarAhead(askedAt)})
    order by r.id`.execute(db);
  return rows;
}

/** Those of these repositories that wait for their further kinds and for which the wider query was not just sent. */
export async function backfillsToProbe(
  db: Sql,
  ids: readonly number[],
): Promise<{ id: number; node_id: string }[]> {
  const askedAt = sql`coalesce((s.wide_latest ->> 'asked_at')::timestamptz, '-infinity')`;
  const { rows } = await sql<{ id: number; node_id: string }>`
    select r.id, r.node_id from repositories r join repository_sync s on s.repository_id = r.id
    where r.id = any(${ids}::bigint[]) and r.removed_at is null and s.wanted_mode = ${storedMode.backfill}
      and s.wanted_rounds = 0
      and (${askedAt} < now() - make_interval(secs => ${ASKED_AHEAD}) or ${isFarAhead(askedAt)})
    order by r.id`.execute(db);
  return rows;
}

/** The number of a time's hour, which begins at a different second for each repository. */
function hourOf(time: RawBuilder<unknown>) {
  return sql`floor((extract(epoch from ${time}) + r.id % ${HOUR}::int) / ${HOUR}::int)`;
}

/** Stores GitHub's answers, and queues the repositories whose rows do not match them. */
export async function saveWideProbes(tx: Sql, probes: ReadonlyMap<number, WideProbe>): Promise<void> {
  if (probes.size === 0) return;
  const answers = JSON.stringify([...probes].map(([id, answer]) => ({ id, answer })));
  const known = lockedInOrder(
    sql`repository_sync s where s.repository_id = any(${[...probes.keys()]}::bigint[])`,
  );
  await sql`
    update repository_sync s set wide_latest = answer,
      wanted_at = case when ${differs} and s.wanted_at is null then now() else s.wanted_at end,
      wanted_mode = case when ${differs} and s.wanted_at is null then 'changes' else s.wanted_mode end,
      wanted_rounds = case when ${differs} and s.wanted_at is null then 0 else s.wanted_rounds end,
      wanted_after = case when ${differs} and s.wanted_at is null then null else s.wanted_after end,
      -- what every sweep asks about was not seen to change
      probed = case when ${differs} and s.wanted_at is null then s.seen else s.probed end
    from json_to_recordset(${answers}::json) as r(id bigint, answer jsonb) join ${known} known on known.repository_id = r.id
    where s.repository_id = r.id`.execute(tx);
}

const differs = sql`(s.wide_applied is null or not s.wide_applied -> 'signs' @> (answer -> 'signs'))`;

/** The rows are not known to match any answer of GitHub's: everything that it shows is compared at the next sweep. */
export async function forgetMatches(tx: Sql, repositoryId: number): Promise<void> {
  await sql`update repository_sync set seen = null, wide_applied = null
    where repository_id = ${repositoryId}`.execute(tx);
}

/**
 * The rows of some kinds now match this answer. Of a kind of which they are fewer than GitHub counts they are not known
 * to, since its list may have come from a replica that lags: it is read again, and what is as few then stays so.
 *
 * @param kinds those that were read after this answer, or need not be
 * @param counted how many objects of each kind this answer counts
 */
export async function saveWideApplied(
  tx: Sql,
  repositoryId: number,
  answer: WideProbe,
  { kinds, counted }: { kinds: ReadonlySet<string>; counted: ReadonlyMap<string, number> },
): Promise<void> {
  const shown = JSON.stringify(answer);
  const read = Object.entries(answer.signs).filter(([kind]) => kinds.has(kind));
  const signs = sql`coalesce(s.wide_applied -> 'signs', '{}') || ${JSON.stringify(Object.fromEntries(read))}::jsonb`;
  const doubted = read.flatMap(([kind, sign]) => {
    const count = counted.get(kind);
    return count === undefined ? [] : [fewerThan(repositoryId, kind, sign, count)];
  });
  await sql`update repository_sync s set
      wide_applied = jsonb_set(${shown}::jsonb, '{signs}', ${doubted.length === 0 ? signs : sql`${signs} || ${unlessKnown(doubted)}`}),
      wide_latest = case when wide_latest ->> 'asked_at' > ${answer.asked_at} then wide_latest else ${shown}::jsonb end
    where repository_id = ${repositoryId}`.execute(tx);
}

/** A sign that equals none of GitHub's, if the live rows of a kind are fewer than it counts. */
function fewerThan(repositoryId: number, kind: string, sign: string, count: number) {
  return sql`select ${kind} as kind, ${`${sign} held `} || count(*) as sign from ${sql.table(kind)}
    where repository_id = ${repositoryId} and deleted_at is null having count(*) < ${count}`;
}

/** By kind, those that were not as few before. */
function unlessKnown(doubted: readonly RawBuilder<unknown>[]) {
  return sql`(select coalesce(jsonb_object_agg(kind, sign), '{}') from (${sql.join(doubted, sql` union all `)}) fewer
    where s.wide_applied -> 'signs' ->> kind is distinct from sign)`;
}
