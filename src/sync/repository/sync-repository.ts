import { sqlOf } from '../../db/orm.ts';
import { findRepository, type StoredRepository } from '../../db/repository-sync/repository-state.ts';
import {
  finishDeliveries,
  pendingDeliveries,
  type PendingDelivery,
} from '../../db/deliveries/pending-deliveries.ts';
import { awaitLease } from '../../db/repository-sync/await-lease.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { isComparisonLeft } from '../../db/repository-sync/queued-in-job.ts';
import { enqueueRepositories } from '../../db/repository-sync/enqueue-repositories.ts';
import { holdDeliveries } from '../../db/deliveries/hold-deliveries.ts';
import { failComparison, recordWithoutGraphql } from '../../db/repository-sync/repository-progress.ts';
import { SyncError } from '../../errors.ts';
import { isStatedBlock } from '../../github/session/translate-error.ts';
import type { Purpose } from '../../github/session/purposes.ts';
import { setPurpose, type Usage } from '../../github/session/usage.ts';
import { countInJob } from '../count-in-job.ts';
import { applyDeliveries } from '../deliveries/apply-deliveries.ts';
import { logDeliveries } from '../deliveries/log-deliveries.ts';
import { refusalOf } from '../refusals.ts';
import { queuedPurpose } from './queued-purpose.ts';
import { runComparison } from './run-comparison.ts';
import { createRepositoryContext } from './create-repository-context.ts';
import { applyOptions } from '../deliveries/apply-options.ts';
import { guidsOf } from '../guids-of.ts';
import { handleNotFound } from '../access/handle-not-found.ts';
import { returnIfBack } from '../access/return-if-back.ts';
import { TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { learn } from '../context/repository-facts.ts';
import type { SyncDependencies, SyncOutcome, SyncRequest } from '../context/sync-request.ts';

/**
 * Makes one repository's rows match GitHub: first applies deliveries, then compares.
 *
 * @throws SyncError REPOSITORY_UNKNOWN, LEASE_BUSY, and whatever keeps GitHub from answering
 */
export async function syncRepository(deps: SyncDependencies, request: SyncRequest): Promise<SyncOutcome> {
  const { orm } = deps;
  const lease = await awaitLease(orm, request.repositoryId, request.owner, request.patienceMs ?? 0);
  if (lease === null) {
    if ((await findRepository(sqlOf(orm), request.repositoryId)) === null) {
      throw new SyncError('REPOSITORY_UNKNOWN', `no repository ${request.repositoryId} is mirrored`);
    }
    throw new SyncError(
      'LEASE_BUSY',
      `repository ${request.repositoryId} is being synced by another process`,
      {
        retryAfterMs: 250,
      },
    );
  }
  try {
    return await countInJob(orm, request.jobId, request.signal, (usage) =>
      syncLeased(deps, request, lease, usage),
    );
  } finally {
    // Released even if counting fails: a lease that is still renewed would lock the repository.
    await lease.release();
  }
}

/** What a round finds when it begins. */
interface Round {
  deps: SyncDependencies;
  request: SyncRequest;
  lease: RepositoryLease;
  repository: StoredRepository;
  deliveries: readonly PendingDelivery[];
}

async function syncLeased(
  deps: SyncDependencies,
  asked: SyncRequest,
  lease: RepositoryLease,
  usage: Usage,
): Promise<SyncOutcome> {
  const db = sqlOf(deps.orm);
  const [repository, deliveries] = await Promise.all([
    findRepository(db, asked.repositoryId),
    pendingDeliveries(db, asked.repositoryId),
  ]);
  if (repository === null) throw new SyncError('REPOSITORY_UNKNOWN', `no repository ${asked.repositoryId}`);
  const request = asOfNow(asked, repository);
  setPurpose(purposeOf(request, repository));
  logDeliveries(deps.log, request, guidsOf(deliveries));
  const round: Round = { deps, request, lease, repository, deliveries };
  if (repository.removed_at !== null || repository.installation_id === null) return syncRemoved(round);
  const context = createRepositoryContext(deps, request, lease, usage, repository, guidsOf(deliveries));
  if (repository.installation_suspended) return passSuspended(round, context);
  try {
    return await syncLive(round, context);
  } catch (error) {
    return handleError(round, error);
  }
}

async function syncRemoved(round: Round): Promise<SyncOutcome> {
  const { deps, request, lease, repository, deliveries } = round;
  const outcome = await returnIfBack(deps, lease, repository, deliveries).catch((error: unknown) =>
    handleBlocked(round, error),
  );
  if (outcome.state !== 'removed' || request.scope !== 'compare') return outcome;
  const gone = `${repository.full_name} is ${repository.removed_reason ?? 'gone'}`;
  return { state: 'removed', error: new SyncError('REPOSITORY_REMOVED', gone) };
}

/** Nothing can be requested; missed changes are fetched when the suspension ends. */
async function passSuspended(
  { request, repository, deliveries }: Round,
  context: RepositoryContext,
): Promise<SyncOutcome> {
  await context.save((tx) => finishDeliveries(tx, guidsOf(deliveries), 'processed'));
  if (request.scope !== 'compare') return { state: 'done', error: null };
  const error = new SyncError('INSTALLATION_SUSPENDED', `the App is suspended for ${repository.full_name}`);
  return { state: 'done', error };
}

/** First the deliveries; then the comparison, if it is requested or a delivery needs it. */
async function syncLive(round: Round, context: RepositoryContext): Promise<SyncOutcome> {
  const { deps, request, lease, repository, deliveries } = round;
  // A repository that was never compared is compared at its first delivery, unless that is left to sweeps: nothing
  // that was read of it so far is complete, or all but a list that fails for good.
  const isLeft = repository.without_graphql_at !== null || repository.applied_probe !== null;
  const isNew = repository.last_synced_at === null && !isLeft;
  let compare = request.scope === 'compare' || isNew || (await isComparisonBegun(round));
  let held: SyncError | null = null;
  if (deliveries.length > 0) {
    const applied = await context
      .watchForDeliveries(() =>
        applyDeliveries(context, deliveries, applyOptions(deps, request, lease, context, deliveries)),
      )
      .catch((error: unknown) => handleBlocked(round, error));
    if ('state' in applied) return applied;
    if (!applied.live || repository.removed_at !== null) return { state: 'removed', error: null };
    held = applied.error;
    if (applied.compare) await enqueueComparison(deps, repository);
    compare ||= applied.compare;
  }
  if (!compare) return { state: 'done', error: held ?? refusalOf(context.refused) };
  const denied = await context.watchForDeliveries(() => runComparison(deps, request, context));
  return { state: repository.removed_at === null ? 'done' : 'removed', error: denied };
}

/**
 * Whether this round's deliveries, which an earlier attempt or slice of it applied, queued a comparison that was not
 * completed: interrupted, refused by GitHub, or cut off with its process.
 */
async function isComparisonBegun({ deps, request, repository }: Round): Promise<boolean> {
  if (repository.queued_at === null || repository.queued_mode === 'backfill') return false;
  return isComparisonLeft(sqlOf(deps.orm), request.jobId);
}

/** Queued in the database: if this round fails, a sweep compares it. */
async function enqueueComparison({ orm }: SyncDependencies, repository: StoredRepository): Promise<void> {
  const db = sqlOf(orm);
  await enqueueRepositories(db, [{ id: repository.id, probe: null }], 'incremental');
  const queuedAt = (await findRepository(db, repository.id))?.queued_at ?? null;
  // The last answer about it is older than the delivery.
  learn(repository, { queued_at: queuedAt, latest_probe: null });
}

/**
 * If GitHub states that it blocks the repository, nothing is available: it is compared once a list shows it
 * again. Any other refusal may be transient, so its deliveries are postponed.
 */
async function handleBlocked(
  { request, lease, repository, deliveries }: Round,
  error: unknown,
): Promise<SyncOutcome> {
  if (!(error instanceof SyncError) || error.code !== 'REPOSITORY_BLOCKED') throw error;
  const { code, message } = error;
  const words = `${code}: ${message}`;
  const guids = guidsOf(deliveries);
  const isStated = isStatedBlock(error);
  await lease.write(async (tx) => {
    let givenUp: readonly string[] = [];
    if (isStated) await finishDeliveries(tx, guids, 'processed', words);
    else givenUp = await holdDeliveries(tx, guids, words);
    if (givenUp.length > 0)
      await enqueueRepositories(tx, [{ id: repository.id, probe: null }], 'incremental');
    if (!isStated && request.scope !== 'compare') return;
    await failComparison(tx, repository.id, repository.queued_at, { code, message });
  });
  return { state: repository.removed_at === null ? 'done' : 'removed', error };
}

async function handleError(round: Round, error: unknown): Promise<SyncOutcome> {
  const { deps, lease, repository } = round;
  if (error instanceof TimeSliceExpired) return { state: 'unfinished' };
  if (!(error instanceof SyncError)) throw error;
  if (error.code === 'GRAPHQL_UNAVAILABLE') return endWithoutGraphql(round, error);
  if (error.code === 'NOT_FOUND') return handleNotFound(deps, lease, repository, error);
  if (error.code === 'REPOSITORY_BLOCKED' || error.code === 'PERMISSION_MISSING') {
    const { code, message } = error;
    await lease.write((tx) => failComparison(tx, repository.id, repository.queued_at, { code, message }));
    return { state: 'done', error };
  }
  throw error;
}

/**
 * What REST shows was compared. The first time, it is retried at once, because such failures are mostly
 * transient; while it lasts, retries are left to sweeps.
 */
async function endWithoutGraphql({ lease, repository }: Round, error: SyncError): Promise<SyncOutcome> {
  const isTriedAgain = repository.without_graphql_at === null;
  const { code, message } = error;
  await lease.write(async (tx) => {
    await recordWithoutGraphql(tx, repository.id);
    if (!isTriedAgain) await failComparison(tx, repository.id, repository.queued_at, { code, message });
  });
  if (isTriedAgain) throw error;
  return { state: 'done', error };
}

function purposeOf(request: SyncRequest, { last_synced_at: syncedAt }: StoredRepository): Purpose {
  if (request.queued !== true) return request.purpose ?? 'webhooks';
  return queuedPurpose(request.mode, syncedAt === null);
}

/** The request for a queued repository: the queue's row may have changed since it was read. */
function asOfNow(request: SyncRequest, { queued_at, queued_mode }: StoredRepository): SyncRequest {
  if (request.queued !== true) return request;
  if (queued_at === null)
    throw new SyncError('LEASE_BUSY', 'another process has compared it in the meantime');
  return { ...request, mode: queued_mode ?? request.mode };
}
