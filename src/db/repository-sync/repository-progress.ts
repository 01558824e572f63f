import { sql } from 'kysely';
import type { RowCounts, Probe } from '../../model.ts';
import type { ListDifference, UnreadElement, Checkpoint } from './repository-state.ts';
import type { Sql } from '../orm.ts';
import { DRIFT } from './add-drift.ts';
import { isOfFurtherKind, isOfWholeList } from './checkpoint-keys.ts';
import { lockedInOrder } from './lock-in-order.ts';
import { setCompared, setFailed, type SyncFailure } from '../repositories/sync-status.ts';
import type { CountedName } from '../../entities/index.ts';

/** Records, or clears (null), where the reading of a list resumes. */
export async function saveCheckpoint(
  tx: Sql,
  repositoryId: number,
  list: string,
  checkpoint: Checkpoint | null,
): Promise<void> {
  if (checkpoint === null) {
    await sql`update repository_sync set walks = walks - ${list}::text
      where repository_id = ${repositoryId} and walks ? ${list}::text`.execute(tx);
  } else {
    await sql`update repository_sync
      set walks = jsonb_set(walks, array[${list}::text], ${JSON.stringify(checkpoint)}::jsonb)
      where repository_id = ${repositoryId}`.execute(tx);
  }
}

/** Records, or clears (null), by how much GitHub's count and its list differ. */
export async function saveDifference(
  tx: Sql,
  repositoryId: number,
  list: string,
  difference: ListDifference | null,
): Promise<void> {
  const change =
    difference === null
      ? sql`differences - ${list}::text`
      : sql`jsonb_set(differences, array[${list}::text], ${JSON.stringify(difference)}::jsonb)`;
  await sql`update repository_sync set differences = ${change} where repository_id = ${repositoryId}`.execute(
    tx,
  );
}

/** Records the versions of the descriptions with which kinds were read in full. */
export async function saveImported(
  tx: Sql,
  repositoryId: number,
  versions: Readonly<Record<string, number>>,
): Promise<void> {
  await sql`update repository_sync set imported = imported || ${JSON.stringify(versions)}::jsonb
    where repository_id = ${repositoryId}`.execute(tx);
}

/** Records elements of a list that exist but could not be read. */
export async function saveUnread(
  tx: Sql,
  repositoryId: number,
  list: string,
  unread: readonly UnreadElement[],
): Promise<void> {
  const change =
    unread.length === 0
      ? sql`unread - ${list}::text`
      : sql`jsonb_set(unread, array[${list}::text], ${JSON.stringify(unread)}::jsonb)`;
  await sql`update repository_sync set unread = ${change} where repository_id = ${repositoryId}`.execute(tx);
}

/** Everything of this kind that was updated before this time is stored. */
export async function saveHighWaterMark(
  tx: Sql,
  repositoryId: number,
  kind: CountedName,
  mark: string | null,
): Promise<void> {
  await sql`update repository_sync set ${sql.ref(`${kind}_through`)} = ${mark}
    where repository_id = ${repositoryId}`.execute(tx);
}

/** Like `saveHighWaterMark`, for a further kind. */
export async function saveFurtherMark(
  tx: Sql,
  repositoryId: number,
  kind: string,
  mark: string | null,
): Promise<void> {
  await sql`update repository_sync
    set high_water_marks = jsonb_strip_nulls(high_water_marks || jsonb_build_object(${kind}::text, ${mark}::text))
    where repository_id = ${repositoryId}`.execute(tx);
}

export interface Comparison {
  repositoryId: number;
  /** the snapshot that the rows now match; null if GitHub could not answer */
  applied: Probe | null;
  /** the value of `wanted_at` at the start: what was queued since then stays queued */
  queuedAt: string | null;
  error: SyncFailure | null;
  /** rows compared, per table; how many of these differed and were repaired is in the checkpoint */
  verified: { compared: RowCounts } | null;
}

/** The end of a comparison with nothing left to fetch. */
export async function finishComparison(tx: Sql, done: Comparison): Promise<void> {
  await setCompared(tx, done.repositoryId, done.error);
  await sql`update repository_sync set
      seen = ${done.applied === null ? null : JSON.stringify(done.applied)}::jsonb, walks = ${keptCheckpoints(done.verified !== null)}, wanted_rounds = 0, wanted_after = null,
      wanted_at = case when ${isStillQueued(done)} then wanted_at end,
      wanted_mode = case when ${isStillQueued(done)} then wanted_mode end, without_graphql_at = null,
      verified_at = case when ${done.verified !== null}::boolean then clock_timestamp() else verified_at end,
      verified = coalesce(${done.verified === null ? null : JSON.stringify(done.verified)}::jsonb
        || jsonb_build_object('healed', coalesce(walks -> ${DRIFT}::text -> 'healed', '{}')), verified)
    where repository_id = ${done.repositoryId}`.execute(tx);
}

/**
 * The checkpoints of further kinds, which are read in their own rounds; a full comparison ends its own (`…
 * all`).
 */
function keptCheckpoints(isComplete: boolean) {
  return sql`(select coalesce(jsonb_object_agg(list, checkpoint), '{}') from jsonb_each(walks) as kept(list, checkpoint)
    where ${isOfFurtherKind(sql`list`)} and not (${isComplete}::boolean and ${isOfWholeList(sql`list`)}))`;
}

/** The end of a round that read the kinds which were never read in full. */
export async function finishFurther(
  tx: Sql,
  done: Pick<Comparison, 'repositoryId' | 'queuedAt' | 'error'>,
): Promise<void> {
  const again = isStillQueued({ queuedAt: done.queuedAt, verified: null });
  await sql`update repository_sync set wanted_rounds = 0, wanted_after = null,
      walks = case when wanted_mode = 'everything' and walks ? ${DRIFT}::text then jsonb_build_object(${DRIFT}::text, walks -> ${DRIFT}::text) else '{}' end,
      wanted_at = case when ${again} then wanted_at end, wanted_mode = case when ${again} then wanted_mode end
    where repository_id = ${done.repositoryId}`.execute(tx);
  if (done.error !== null) await setFailed(tx, done.repositoryId, done.error);
}

/** Queues one repository for the kinds that were never read in full, behind all other work. */
export async function enqueueBackfill(tx: Sql, repositoryId: number): Promise<void> {
  await sql`update repository_sync set wanted_at = now(), wanted_mode = 'further', wanted_rounds = 0, wanted_after = null
    where repository_id = ${repositoryId} and wanted_at is null`.execute(tx);
}

/**
 * Queues every repository of an installation that was not read in full with these versions of the further
 * kinds: after an update of this product, and after a permission was granted.
 */
export async function queueMissingKinds(
  tx: Sql,
  installationId: number,
  versions: Readonly<Record<string, number>>,
): Promise<void> {
  await sql`update repository_sync s set wanted_at = now(), wanted_mode = 'further', wanted_rounds = 0, wanted_after = null
    from ${lockedInOrder(sql`repository_sync s join repositories r on r.id = s.repository_id
      where r.installation_id = ${installationId} and r.removed_at is null
      and r.last_synced_at is not null and r.sync_status <> 'paused' and s.wanted_at is null
      -- else they are read with the rest of what REST shows
      and s.without_graphql_at is null and not s.imported @> ${JSON.stringify(versions)}::jsonb`)} lacking
    where s.repository_id = lacking.repository_id and s.wanted_at is null`.execute(tx);
}

/** Nothing announces changes of a kind while it is off: when it is on again, all of it is read. */
export async function forgetImported(tx: Sql, installationId: number, off: readonly string[]): Promise<void> {
  if (off.length === 0) return;
  await sql`update repository_sync s set imported = s.imported - ${off}::text[]
    from ${lockedInOrder(sql`repository_sync s join repositories r on r.id = s.repository_id
      where r.installation_id = ${installationId} and s.imported ?| ${off}::text[]`)} off
    where s.repository_id = off.repository_id`.execute(tx);
}

/** Work that was queued since the start, or goes beyond what was done, stays queued. */
function isStillQueued({ queuedAt, verified }: Pick<Comparison, 'queuedAt' | 'verified'>) {
  return sql`(${isQueuedAgain(queuedAt)} or wanted_mode = 'everything' and ${verified === null}::boolean)`;
}

/** Times come out of the database in milliseconds; a finer one would never be equal. */
function isQueuedAgain(queuedAt: string | null) {
  return sql`date_trunc('milliseconds', wanted_at) is distinct from ${queuedAt}::timestamptz`;
}

/**
 * A comparison that is impossible now: the reason is shown, and nothing is queued until the next sweep, except
 * what was queued since the start. Under the lease, or while nobody holds it (`writeUnleased`).
 *
 * @param queuedAt the value of `wanted_at` at the start
 */
export async function failComparison(
  tx: Sql,
  repositoryId: number,
  queuedAt: string | null,
  error: SyncFailure,
): Promise<void> {
  await setFailed(tx, repositoryId, error);
  await sql`update repository_sync set wanted_at = null, wanted_mode = null, wanted_rounds = 0,
      wanted_after = null
    where repository_id = ${repositoryId} and not (${isQueuedAgain(queuedAt)})`.execute(tx);
}

/**
 * As `failComparison`, for a comparison that lacks nothing but lists which have failed for long: what else GitHub showed
 * is in the rows.
 */
export async function finishUnlisted(
  tx: Sql,
  done: Pick<Comparison, 'repositoryId' | 'applied' | 'queuedAt'> & { error: SyncFailure },
): Promise<void> {
  await failComparison(tx, done.repositoryId, done.queuedAt, done.error);
  await sql`update repository_sync set
      seen = ${done.applied === null ? null : JSON.stringify(done.applied)}::jsonb, without_graphql_at = null
    where repository_id = ${done.repositoryId}`.execute(tx);
}

/** GraphQL does not answer about the repository: what REST shows of it was compared just now. */
export async function recordWithoutGraphql(tx: Sql, repositoryId: number): Promise<void> {
  await sql`update repository_sync set without_graphql_at = now()
    where repository_id = ${repositoryId}`.execute(tx);
}

/** Something of the repository is unavailable: that is shown, and the next sweep tries again. */
export async function showUnread(tx: Sql, repositoryId: number, error: SyncFailure | null): Promise<void> {
  if (error === null) return;
  await setFailed(tx, repositoryId, error);
  await sql`update repository_sync set seen = null where repository_id = ${repositoryId}`.execute(tx);
}

/** The reported error is over: the next sweep compares the repository and confirms it. */
export async function forgetAppliedProbe(tx: Sql, repositoryId: number): Promise<void> {
  await sql`update repository_sync set seen = null where repository_id = ${repositoryId}`.execute(tx);
}

/**
 * These repositories were begun, and there is more to read than was expected: they queue up behind those that were
 * not begun. Under their lease.
 */
export async function queueBehind(tx: Sql, ids: readonly number[]): Promise<void> {
  await sql`update repository_sync set wanted_rounds = wanted_rounds + 1
    where repository_id = any(${ids}::bigint[]) and wanted_at is not null`.execute(tx);
}

/**
 * Work remains: the repository queues up behind those that were not begun. While nobody holds the lease
 * (`writeUnleased`), and if its place in the queue is unchanged: a delayed process must not count a round of
 * its successor.
 *
 * @param queuedAt the value of `wanted_at` at the start
 * @param retryMs after a failure: the delay before the next round, doubling with every further one
 * @returns how many rounds were counted; 0 if this one was not
 */
export async function countRound(
  tx: Sql,
  repositoryId: number,
  queuedAt: string,
  retryMs = 0,
): Promise<number> {
  const { rows } = await sql<{ rounds: number }>`update repository_sync
    set wanted_rounds = wanted_rounds + 1, wanted_after = now() + make_interval(secs => ${retryMs / 1000} * 2 ^ least(wanted_rounds, 10))
    where repository_id = ${repositoryId} and not (${isQueuedAgain(queuedAt)})
    returning wanted_rounds as rounds`.execute(tx);
  return rows[0]?.rounds ?? 0;
}
