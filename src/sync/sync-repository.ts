import { sqlOf, type Orm } from '../db/orm.ts';
import { findRepository, type StoredRepository } from '../db/queries/repository-state.ts';
import { finishDeliveries, pendingDeliveries, type PendingDelivery } from '../db/writes/deliveries.ts';
import { addToJob } from '../db/writes/jobs.ts';
import { acquireLease, type RepositoryLease } from '../db/writes/repository-lease.ts';
import { failComparison, finishComparison, saveWalk, setSyncing } from '../db/writes/repository-progress.ts';
import { SyncError } from '../errors.ts';
import type { GitHub } from '../github/client.ts';
import { probe as askProbe } from '../github/probe.ts';
import { createRepositoryApi } from '../github/repository-api.ts';
import { countUsage, type Usage } from '../github/usage.ts';
import type { Logger } from '../logger.ts';
import type { Probe, RowCounts } from '../model.ts';
import { applyDeliveries } from './apply-deliveries.ts';
import { followDefaultBranch } from './ask-refs.ts';
import { compareRepository, differences } from './compare-repository.ts';
import { confirmRepository, writeStanding } from './confirm-repository.ts';
import { createSave, OutOfTime, type CompareMode, type RepositoryWork } from './repository-work.ts';
import { settle } from './settle.ts';
import { totalRows } from '../db/queries/verification.ts';

export interface SyncDependencies {
  orm: Orm;
  github: GitHub;
  log: Logger;
}

export interface SyncRequest {
  repositoryId: number;
  jobId: string;
  /** who asks; the same one, asking again, takes its own lease over */
  owner: string;
  /** `deliveries` applies what was delivered, and compares only what was never imported */
  work: 'deliveries' | 'compare';
  mode: CompareMode;
  /** true: GitHub is asked what is new; false: a listing has just stored it */
  askWhatIsNew: boolean;
  /** `Date.now()` from when on a long reading is interrupted */
  deadline: number;
  signal?: AbortSignal;
}

export type SyncOutcome =
  | { state: 'done' | 'removed'; error: SyncError | null }
  /** saved so far; to be asked again */
  | { state: 'unfinished' };

/**
 * Brings one repository's rows to GitHub's, alone: first what was delivered, then what a comparison shows.
 *
 * @throws SyncError REPOSITORY_UNKNOWN, LEASE_BUSY, and what keeps GitHub from answering
 */
export async function syncRepository(deps: SyncDependencies, request: SyncRequest): Promise<SyncOutcome> {
  const { orm } = deps;
  const lease = await acquireLease(orm, request.repositoryId, request.owner);
  if (lease === null) {
    if ((await findRepository(sqlOf(orm), request.repositoryId)) === null) {
      throw new SyncError('REPOSITORY_UNKNOWN', `no repository ${request.repositoryId} is mirrored`);
    }
    throw new SyncError('LEASE_BUSY', `repository ${request.repositoryId} is being worked on`, {
      retryAfterMs: 250,
    });
  }
  const usage: Usage = { requests: 0, points: 0 };
  try {
    return await countUsage(usage, request.signal, () => syncLeased(deps, request, lease, usage));
  } finally {
    await addToJob(sqlOf(orm), request.jobId, usage);
    await lease.release();
  }
}

async function syncLeased(
  deps: SyncDependencies,
  request: SyncRequest,
  lease: RepositoryLease,
  usage: Usage,
): Promise<SyncOutcome> {
  const db = sqlOf(deps.orm);
  const repository = await findRepository(db, request.repositoryId);
  if (repository === null) throw new SyncError('REPOSITORY_UNKNOWN', `no repository ${request.repositoryId}`);
  const deliveries = await pendingDeliveries(db, repository.id);
  if (repository.removed_at !== null || repository.installation_id === null) {
    return returnIfBack(deps, lease, repository, deliveries);
  }
  const changed: RowCounts = { commits: 0, issues: 0, pull_requests: 0 };
  const work = createWork(deps, request, lease, usage, repository, changed);
  if (repository.installation_suspended) {
    // Nothing can be asked; what is missed now is compared when the suspension ends.
    await work.save((tx) => finishDeliveries(tx, guidsOf(deliveries), 'processed').then(() => ({})));
    return { state: 'done', error: null };
  }
  try {
    let compare = request.work === 'compare' || repository.last_synced_at === null;
    if (deliveries.length > 0) {
      const ask = (announced: string | null) => askRepository(deps, work, deliveries, announced);
      const applied = await applyDeliveries(work, deliveries, ask);
      compare ||= applied.compare;
      if (repository.removed_at !== null) return { state: 'removed', error: null };
    }
    if (!compare) return { state: 'done', error: null };
    const denied = await compareAll(deps, request, work, changed);
    return { state: repository.removed_at === null ? 'done' : 'removed', error: denied };
  } catch (error) {
    if (error instanceof OutOfTime) return { state: 'unfinished' };
    if (!(error instanceof SyncError)) throw error;
    if (error.code === 'NOT_FOUND') return settleAbsence(deps, lease, repository, error);
    if (error.code === 'REPOSITORY_BLOCKED' || error.code === 'PERMISSION_MISSING') {
      await failComparison(db, repository.id, error);
      await finishDeliveries(db, guidsOf(deliveries), 'processed', error.message);
      return { state: 'done', error };
    }
    throw error;
  }
}

async function compareAll(
  deps: SyncDependencies,
  request: SyncRequest,
  work: RepositoryWork,
  changed: RowCounts,
): Promise<SyncError | null> {
  const { repository } = work;
  const first = repository.last_synced_at === null;
  if (first || request.askWhatIsNew) await work.save((tx) => setSyncing(tx, repository.id).then(() => ({})));
  let now = repository.probed;
  if (request.askWhatIsNew || now === null) {
    if (!(await askRepository(deps, work, [], null))) return null;
    now = await work.probe();
  }
  if (request.mode === 'everything' && !first) {
    // What is merely new since the last time is no drift: it is fetched first, and not counted as healed.
    await compareRepository({ ...work, mode: 'changes' }, now, differences(repository.seen, now));
    Object.assign(changed, { commits: 0, issues: 0, pull_requests: 0 });
  }
  const everything = request.mode === 'everything' || request.askWhatIsNew || first;
  const denied = await compareRepository(
    work,
    now,
    everything ? differences(null, null) : differences(repository.seen, now),
  );
  const verified =
    request.mode === 'everything' || first
      ? {
          rows: await totalRows(sqlOf(deps.orm), repository.id),
          healed: changed.commits + changed.issues + changed.pull_requests,
        }
      : null;
  await work.save(async (tx) => {
    await finishComparison(tx, {
      repositoryId: repository.id,
      seen: now,
      wantedAt: repository.wanted_at,
      error: denied,
      verified,
    });
    return {};
  });
  return denied;
}

/** Brings the repository's own row to GitHub's answer. False when the repository is gone. */
async function askRepository(
  deps: SyncDependencies,
  work: RepositoryWork,
  deliveries: readonly PendingDelivery[],
  announced: string | null,
): Promise<boolean> {
  const { repository } = work;
  const deleted = deliveries.some(({ event, action }) => event === 'repository' && action === 'deleted');
  const former = repository.default_branch;
  await settle(async () => {
    const standing = await confirmRepository(deps.orm, deps.github, repository, deleted ? 'deleted' : null);
    await work.save((tx) => writeStanding(tx, repository, standing).then(() => ({})));
    if (!standing.live) {
      repository.removed_at = new Date().toISOString();
      return true;
    }
    Object.assign(repository, {
      full_name: standing.row.full_name,
      default_branch: standing.row.default_branch,
      has_issues: standing.row.has_issues,
      installation_id: standing.installationId,
    });
    const isAsNew = announced === null || Date.parse(standing.row.updated_at) >= Date.parse(announced);
    return isAsNew && !deleted;
  });
  if (repository.removed_at !== null) return false;
  await followDefaultBranch(work, former !== repository.default_branch);
  return true;
}

/** Something happened to a repository that is marked as gone: late news, or it is back. */
async function returnIfBack(
  deps: SyncDependencies,
  lease: RepositoryLease,
  repository: StoredRepository,
  deliveries: readonly PendingDelivery[],
): Promise<SyncOutcome> {
  const said = deliveries.some(({ event, action }) => event === 'repository' && action === 'deleted');
  const installationId = deliveries.findLast(
    (delivery) => delivery.installation_id !== null,
  )?.installation_id;
  const asked = { ...repository, installation_id: installationId ?? repository.installation_id };
  const standing = await confirmRepository(deps.orm, deps.github, asked, said ? 'deleted' : null);
  await lease.write(async (tx) => {
    await writeStanding(tx, repository, standing);
    if (!standing.live) await finishDeliveries(tx, guidsOf(deliveries), 'processed');
  });
  // Back: its deliveries are applied, and all of it is compared, in the next round.
  return standing.live ? { state: 'unfinished' } : { state: 'removed', error: null };
}

/** A list of the repository answered 404: gone, or an answer that came too early or wrongly. */
async function settleAbsence(
  deps: SyncDependencies,
  lease: RepositoryLease,
  repository: StoredRepository,
  error: SyncError,
): Promise<SyncOutcome> {
  const standing = await confirmRepository(deps.orm, deps.github, repository, null);
  if (standing.live)
    throw new SyncError('NOT_YET_VISIBLE', error.message, { cause: error, retryAfterMs: 1000 });
  await lease.write((tx) => writeStanding(tx, repository, standing));
  return { state: 'removed', error: null };
}

function createWork(
  deps: SyncDependencies,
  request: SyncRequest,
  lease: RepositoryLease,
  usage: Usage,
  repository: StoredRepository,
  changed: RowCounts,
): RepositoryWork {
  const session = deps.github.installation(repository.installation_id ?? 0);
  async function probe(): Promise<Probe | null> {
    try {
      return (await askProbe(session, [repository.node_id])).get(repository.id) ?? null;
    } catch (error) {
      // Without counts the lists are read in full, and nothing is taken for lost.
      if (error instanceof SyncError && error.code === 'GITHUB_BAD_ANSWER') return null;
      throw error;
    }
  }
  return {
    orm: deps.orm,
    api: createRepositoryApi(session, repository.id),
    log: deps.log.child({ repositoryId: repository.id }),
    mode: request.mode,
    repository,
    probe,
    save: createSave(lease, request.jobId, usage, changed),
    saveWalk: (tx, list, walk) => saveWalk(tx, repository.id, list, walk),
    timeIsUp: () => Date.now() > request.deadline,
  };
}

function guidsOf(deliveries: readonly PendingDelivery[]): string[] {
  return deliveries.map(({ guid }) => guid);
}
