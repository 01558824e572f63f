import { differInTotals, recountTotals } from '../../db/commits/recount-totals.ts';
import { inTransaction, sqlOf, type Sql } from '../../db/orm.ts';
import { comparedRows } from '../../db/repository-sync/compared-rows.ts';
import {
  finishComparison,
  finishFurther,
  finishUnlisted,
  enqueueBackfill,
  recordWithoutGraphql,
} from '../../db/repository-sync/repository-progress.ts';
import { setSyncing } from '../../db/repositories/sync-status.ts';
import { beginDrift, DRIFT } from '../../db/repository-sync/add-drift.ts';
import { isAskedAhead, saveWideApplied } from '../../db/repository-sync/wide-probes.ts';
import { writeRepositoryFigures } from '../../db/repositories/upsert-repositories.ts';
import { countedKinds, furtherKinds } from '../../entities/index.ts';
import { SyncError } from '../../errors.ts';
import type { Probe, RowCounts } from '../../model.ts';
import { compareRepository } from './compare-repository.ts';
import { kindsToCompare } from './kinds-to-compare.ts';
import { createFailedLists, type FailedLists } from '../context/failed-lists.ts';
import { changedSince, everything, ofKindsSwitchedOn, REFS, without } from '../listings/find-changes.ts';
import { atTarget } from '../checkpoints.ts';
import { compareFurther, missingKinds, recordRead } from '../further/compare-further.ts';
import { fillIn } from '../further/fill-columns.ts';
import { describedKinds } from '../further/kinds-on.ts';
import { hourlyKinds } from '../further/hourly-kinds.ts';
import { wideCounts } from '../further/wide-count.ts';
import { openIssuesSource } from '../context/open-issues.ts';
import { forgetRefusedBefore, keptRefusal } from '../context/refused-rows.ts';
import { refusalOf } from '../refusals.ts';
import { refetchRepository } from '../access/refetch-repository.ts';
import { learn, type RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { SyncDependencies, SyncRequest } from '../context/sync-request.ts';

/**
 * Compares a repository as requested (what changed, all of it, or only the kinds that were never read in full)
 * and records what the rows match now.
 *
 * @returns why something could not be read, such as a kind that the App may not read, or null
 * @throws why a list failed as a whole, after all others were compared
 */
export async function runComparison(
  deps: SyncDependencies,
  request: SyncRequest,
  context: RepositoryContext,
): Promise<SyncError | null> {
  const failed = createFailedLists(deps.github, context);
  if (context.mode === 'backfill') return compareMissing(context, failed);
  const { repository } = context;
  const first = repository.last_synced_at === null;
  const verify = request.mode === 'full' && !first;
  if (first || request.shouldProbe) await context.save((tx) => setSyncing(tx, repository.id));
  const latest = await latestProbe(deps, request, context);
  if (latest === null) return null;
  const { now, odd } = latest;
  const hourly = changedHourly(context);
  if (verify) await beginVerification(context, now, hourly, failed);
  // An import is continued if all that it lacks is a list that has failed for long.
  const isImport = first && repository.applied_probe === null;
  const isWhole = request.mode === 'full' || request.shouldProbe || (isImport && now !== null);
  const changed = isWhole ? everything : kindsToCompare(context, now);
  const { error: left, unlisted, applied, unread } = await compareRepository(context, now, changed, failed);
  // They were just read, with all of their columns: in an import also beside a list that failed.
  const isAllRead = left === null && (first || request.mode === 'full');
  if (isAllRead || isImport) await recordRequired(context, left === null ? new Set() : unread);
  const further = first ? null : await compareFurther(context, changed, hourly, failed);
  const givenUp = context.graphqlGivenUp();
  // What REST shows is written, and the round ends with GRAPHQL_UNAVAILABLE, or with what else failed: either
  // way it had its turn.
  if (givenUp !== null) {
    await failed.keep(givenUp);
    await context.save((tx) => recordWithoutGraphql(tx, repository.id));
  }
  // Kinds that are imported later do not wait for a list that never arrives.
  const isIncomplete = failed.any() || unlisted !== null;
  if (isIncomplete && (first || givenUp !== null))
    await compareFurther({ ...context, mode: 'backfill' }, changed, hourly, failed);
  // Whatever else failed, these rows match GitHub.
  const isCounted = countedKinds.every(({ name }) => !unread.has(name));
  if (isIncomplete && isCounted) await context.save((tx) => writeOpenIssues(tx, context));
  failed.throwFirst();
  // What a further kind lacks is recorded and requested again by itself, except what only a full comparison finds:
  // that is searched for as if the kind that it belongs to had changed.
  const isRecorded = further === null || context.mode !== 'full';
  const isWideRead = hourly.size > 0 && isRecorded && !first;
  if (unlisted !== null) return endUnlisted(context, applied, unlisted, isWideRead ? hourly : new Set());
  if (verify) await endVerification(context);
  const error = odd ?? left ?? further ?? keptRefusal(repository) ?? refusalOf(context.refused);
  const verified = request.mode === 'full' || first ? await comparedCounts(context) : null;
  context.countDrift(false);
  await context.save(async (tx) => {
    await finishComparison(tx, {
      repositoryId: repository.id,
      applied: isRecorded || applied === null ? applied : without(applied, everything),
      queuedAt: repository.queued_at,
      error,
      verified,
    });
    // A delivery that was applied before the comparison counted rows while some were still missing.
    await writeOpenIssues(tx, context);
    if (isWideRead) await saveWide(tx, context, hourly);
    if (missingKinds(context).size > 0) await enqueueBackfill(tx, repository.id);
  });
  return error ?? context.leftOut[0] ?? null;
}

/** The further kinds that the hourly query shows changed; without GraphQL, which alone shows it, all of them. */
function changedHourly(context: RepositoryContext): Set<string> {
  const { wide_latest: latest, wide_applied: applied } = context.repository;
  return context.graphqlGivenUp() === null ? hourlyKinds(latest, applied) : new Set(context.kinds);
}

/**
 * A list of a required kind has failed for so long that no replica's lag explains it: the comparison is not complete, and
 * is not repeated at once. The list is requested again by itself, when it is due.
 *
 * @param hourly the further kinds whose rows now match GitHub's last answer to the wider query
 */
async function endUnlisted(
  context: RepositoryContext,
  applied: Probe | null,
  error: SyncError,
  hourly: ReadonlySet<string>,
): Promise<SyncError> {
  const { id, queued_at: queuedAt } = context.repository;
  context.countDrift(false);
  await context.save(async (tx) => {
    await finishUnlisted(tx, { repositoryId: id, applied, queuedAt, error });
    if (hourly.size > 0) await saveWide(tx, context, hourly);
    if (missingKinds(context).size > 0) await enqueueBackfill(tx, id);
  });
  return error;
}

/**
 * GitHub's answer about what is new: the one that a listing has just stored, or a new one, for which the
 * repository's own row is read as well.
 *
 * @returns the answer, and why the row could not be read; null if the repository is removed
 */
async function latestProbe(
  deps: SyncDependencies,
  request: SyncRequest,
  context: RepositoryContext,
): Promise<{ now: Probe | null; odd: SyncError | null } | null> {
  const { repository } = context;
  const stored = ofKindsSwitchedOn(repository, repository.latest_probe);
  if (!request.shouldProbe && request.mode !== 'full' && stored !== null) return { now: stored, odd: null };
  let odd: SyncError | null = null;
  try {
    const isListed = request.queued === true;
    if (!(await refetchRepository(deps, context, { deliveries: [], announced: null, isListed }))) return null;
  } catch (error) {
    // Its row cannot be read, but its contents can still be compared.
    if (!(error instanceof SyncError) || error.code !== 'GITHUB_BAD_ANSWER') throw error;
    odd = error;
  }
  return { now: ofKindsSwitchedOn(repository, await context.probe()), odd };
}

/** What is new since the last time is not drift: it is fetched first, and not counted as repaired. */
async function beginVerification(
  context: RepositoryContext,
  now: Probe | null,
  hourly: ReadonlySet<string>,
  failed: FailedLists,
): Promise<void> {
  const { repository } = context;
  const changes = changedSince(repository.applied_probe, now, false);
  const incremental: RepositoryContext = { ...context, mode: 'incremental' };
  await compareRepository(incremental, now, changes, failed);
  await fillIn(incremental, missingKinds(context)).catch((error: unknown) => failed.keep(error));
  await compareFurther(incremental, changes, hourly, failed, false);
  await context.save(async (tx) => {
    const began_at = await beginDrift(tx, repository.id);
    repository.checkpoints[DRIFT] = { ...repository.checkpoints[DRIFT], ...atTarget('', began_at) };
  });
  context.countDrift(true);
}

/**
 * A row that was rejected before the verification began, and not during it, is stored or no longer exists. What was written
 * without triggers is counted again.
 */
async function endVerification(context: RepositoryContext): Promise<void> {
  const { orm, repository } = context;
  const began = repository.checkpoints[DRIFT]?.began_at;
  if (began !== undefined) await context.save((tx) => forgetRefusedBefore(tx, repository, began));
  if (await inTransaction(orm, (tx) => differInTotals(tx, repository.id))) {
    await context.save((tx) => recountTotals(tx, repository.id));
  }
}

async function writeOpenIssues(tx: Sql, { repository, may }: RepositoryFacts): Promise<void> {
  await writeRepositoryFigures(tx, repository.id, openIssuesSource(repository, may), null);
}

/** @param unread kinds of which something could not be read */
async function recordRequired(context: RepositoryContext, unread: ReadonlySet<string>): Promise<void> {
  const described = describedKinds(context.kinds, context.may);
  const counted = new Set<string>(countedKinds.map(({ name }) => name));
  await recordRead(
    context,
    described.filter(({ name, required }) => required && !unread.has(counted.has(name) ? name : REFS)),
  );
}

async function comparedCounts({ orm, repository }: RepositoryFacts): Promise<{ compared: RowCounts }> {
  const compared = await comparedRows(sqlOf(orm), [repository.id]);
  return { compared: compared.get(repository.id) ?? {} };
}

/** Reads the kinds that were never read in full, and nothing else. */
async function compareMissing(context: RepositoryContext, failed: FailedLists): Promise<SyncError | null> {
  const { repository } = context;
  const { id, queued_at: queuedAt } = repository;
  // One that was read in an earlier round may have changed since, which the answer to come would hide; one that is off need
  // not be read.
  const missing = missingKinds(context);
  const names = furtherKinds.map(({ name }) => name);
  const readNow = new Set(names.filter((name) => missing.has(name) || !context.kinds.has(name)));
  const probed = furtherKinds.filter(({ name, probe }) => context.kinds.has(name) && probe.length > 0);
  const isAsked = isAskedAhead(
    repository.wide_latest,
    probed.map(({ name }) => name),
  );
  if (context.kinds.size > 0 && !isAsked) learn(repository, { wide_latest: await context.wideProbe() });
  // Whether GraphQL answers at all: otherwise each kind would query it in vain.
  if (context.kinds.size > 0 && repository.wide_latest === null) await context.probe();
  const error =
    (await compareFurther(context, new Set(), new Set(), failed)) ??
    keptRefusal(repository) ??
    refusalOf(context.refused);
  failed.throwFirst();
  await context.save(async (tx) => {
    await saveWide(tx, context, readNow);
    await finishFurther(tx, { repositoryId: id, queuedAt, error });
  });
  return error ?? context.leftOut[0] ?? null;
}

/** The rows of these further kinds match GitHub's last answer to the wider query, after which they were read. */
async function saveWide(tx: Sql, { repository }: RepositoryFacts, kinds: ReadonlySet<string>): Promise<void> {
  const { id, wide_latest: latest } = repository;
  if (latest !== null) await saveWideApplied(tx, id, latest, { kinds, counted: wideCounts(latest) });
}
