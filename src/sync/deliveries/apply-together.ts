import { pendingDeliveriesOf } from '../../db/deliveries/pending-deliveries.ts';
import { sqlOf } from '../../db/orm.ts';
import { leaseRepositories } from '../../db/repository-sync/lease-repositories.ts';
import { findRepositories } from '../../db/repository-sync/repository-state.ts';
import type { SharedLease } from '../../db/repository-sync/shared-lease.ts';
import { storedRowsById } from '../../db/rows/entity-rows.ts';
import { storedRepositories } from '../../db/rows/stored-rows.ts';
import { issues as issueEntity } from '../../entities/issues.ts';
import { faultOf } from '../fault.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { logDeliveries } from './log-deliveries.ts';
import { isPlain, mergePlain, type PlannedRepository } from './merge-plain.ts';
import { addToPlan, createPlan, type DeliveryPlan } from './plan-deliveries.ts';
import { writePlain } from './write-plain.ts';

interface TogetherRequest {
  installationId: number;
  repositoryIds: readonly number[];
  /**
   * the prefix of each lease's owner, followed by the repository's id: the same owner, asking again, takes over
   * its own lease
   */
  owner: string;
  /** the job of a repository's deliveries */
  jobIdOf: (repositoryId: number) => string;
  signal: AbortSignal;
}

interface TogetherOutcome {
  /** repositories whose deliveries (at most one page of them) are applied */
  applied: number[];
  /** repositories whose deliveries are not plain: each must be handled separately (`syncRepository`) */
  left: number[];
}

/**
 * Applies deliveries of several repositories in one transaction, with one statement per table, if payloads
 * alone decide them. Repositories for which that is not enough are left; GitHub is not asked. On return no
 * lease is held.
 *
 * @throws PostgreSQL's error if it is unavailable, and what the signal throws
 */
export async function applyTogether(
  deps: SyncDependencies,
  request: TogetherRequest,
): Promise<TogetherOutcome> {
  const { orm, log } = deps;
  const { installationId, repositoryIds, owner, jobIdOf, signal } = request;
  const { ids, lease } = await leaseRepositories(orm, repositoryIds, owner);
  try {
    const planned = await planLeased(deps, ids);
    for (const { repository, guids } of planned) {
      logDeliveries(log, { jobId: jobIdOf(repository.id), repositoryId: repository.id }, guids);
    }
    signal.throwIfAborted();
    const applied = new Set(await writeMerged(deps, request, planned, lease));
    const read = new Set(planned.map(({ repository }) => repository.id));
    // What did not fit into the page follows with the next one.
    const left = repositoryIds.filter((id) => (read.has(id) || !ids.includes(id)) && !applied.has(id));
    return { applied: [...applied], left };
  } catch (error) {
    signal.throwIfAborted();
    if (faultOf(error) === 'database') throw error;
    log.warn({ installationId, err: error }, 'falling back to applying deliveries one repository at a time');
    return { applied: [], left: [...repositoryIds] };
  } finally {
    await lease.release();
  }
}

/** What the deliveries of repositories that have a row say. */
async function planLeased({ orm }: SyncDependencies, ids: readonly number[]): Promise<PlannedRepository[]> {
  const db = sqlOf(orm);
  const planned = new Map<number | null, { guids: string[]; plan: DeliveryPlan }>();
  const [repositories] = await Promise.all([
    findRepositories(db, ids),
    pendingDeliveriesOf(db, ids, (delivery) => {
      const own = planned.get(delivery.repository_id) ?? { guids: [], plan: createPlan() };
      planned.set(delivery.repository_id, own);
      own.guids.push(delivery.guid);
      addToPlan(own.plan, delivery);
    }),
  ]);
  return repositories.flatMap((repository) => {
    const own = planned.get(repository.id);
    return own === undefined ? [] : [{ repository, ...own }];
  });
}

async function writeMerged(
  { orm }: SyncDependencies,
  { installationId, jobIdOf }: TogetherRequest,
  planned: readonly PlannedRepository[],
  lease: SharedLease,
): Promise<number[]> {
  const db = sqlOf(orm);
  const plain = planned.filter((one) => isPlain(one, installationId));
  const shown = plain.flatMap(({ plan }) => plan.counted.issues.shown.map(({ row }) => row.id));
  const [issues, rows] = await Promise.all([
    storedRowsById(db, issueEntity, shown),
    storedRepositories(
      db,
      plain.map(({ repository }) => repository.id),
    ),
  ]);
  const known = { issues, repositories: new Map(rows.map((row) => [row.id, row])) };
  const changes = plain.flatMap((one) => mergePlain(one, known) ?? []);
  return writePlain(orm, changes, { lease, installationId, jobIdOf });
}
