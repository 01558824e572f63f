import { assertBoundApp } from '../../db/system-state/bound-app.ts';
import { findInstallation } from '../../db/installations/find-installation.ts';
import { markInstallationDeleted } from '../../db/installations/write-installations.ts';
import { recordFailure } from '../../db/jobs/write-jobs.ts';
import { inTransaction, sqlOf } from '../../db/orm.ts';
import { countQueued, type QueueCount } from '../../db/repository-sync/queued-repositories.ts';
import { errorTable, SyncError } from '../../errors.ts';
import type { GitHubSession } from '../../github/session/session.ts';
import { setPurpose } from '../../github/session/usage.ts';
import type { InstallationRow } from '../../model.ts';
import { countInJob } from '../count-in-job.ts';
import {
  applyInstallationDeliveries,
  type InstallationDeliveries,
} from '../deliveries/apply-installation-deliveries.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { beginRepositoryList, pollRepositoryList, type BegunList } from './poll-repository-list.ts';
import { probeRepositories } from './probe-repositories.ts';
import { recordRefused, recordUnreadable } from './record-left-out.ts';
import { refreshInstallation } from './refresh-installation.ts';
import { resolveMissingRepositories } from './resolve-missing-repositories.ts';

export interface InstallationRequest {
  installationId: number;
  jobId: string;
  /** repositories that were compared less than this long ago are skipped */
  freshForMs: number;
  /** the list of all installations was read just now, so this one's row is current */
  refreshed?: boolean;
  /**
   * for a sweep: whether unavailable answers are left to the next one. Undefined: the caller retries until they
   * arrive
   */
  isLastTry?: () => boolean;
  /** it was compared a moment ago: GitHub is asked only because of deliveries that arrived since */
  pendingOnly?: boolean;
  signal?: AbortSignal;
}

export interface InstallationOutcome {
  state: 'live' | 'suspended' | 'deleted';
  /** how many are queued; the name is part of running workflows' histories */
  wanted: number;
  /** how many of them have their required kinds and wait for the others; results of earlier versions lack it */
  backfills?: number;
}

/**
 * Makes an installation and the list of its repositories match GitHub, which also applies the deliveries about
 * it, and queues the repositories that changed.
 */
export async function compareInstallation(
  deps: SyncDependencies,
  request: InstallationRequest,
): Promise<InstallationOutcome> {
  return countInJob(deps.orm, request.jobId, request.signal, () => {
    setPurpose(request.refreshed === true ? 'sweeps' : 'imports');
    return compare(deps, request);
  });
}

async function compare(deps: SyncDependencies, request: InstallationRequest): Promise<InstallationOutcome> {
  const db = sqlOf(deps.orm);
  await assertBoundApp(db, deps.github.appId);
  const { installationId } = request;
  const known = await findInstallation(db, installationId);
  const deliveries = await applyInstallationDeliveries(deps, installationId, request.signal);
  if (request.pendingOnly === true && known?.suspended_at === null && deliveries.pending.length === 0)
    return liveWith(await countQueued(db, installationId));
  try {
    return await compareWith(deps, request, known, deliveries);
  } catch (error) {
    // A comparison that only a delivery caused is retried with the delivery.
    const held = deliveries.pending.length > 0 ? await deliveries.hold(error) : null;
    if (held === null || known !== null) throw error;
    await recordFailure(db, request.jobId, held);
    return { state: 'live', wanted: 0 };
  }
}

async function compareWith(
  deps: SyncDependencies,
  request: InstallationRequest,
  known: InstallationRow | null,
  deliveries: InstallationDeliveries,
): Promise<InstallationOutcome> {
  const { orm } = deps;
  const { installationId } = request;
  const { pending } = deliveries;
  const db = sqlOf(orm);
  const outages = createOutages(deps, request, known, deliveries);
  const isFresh = request.refreshed === true && pending.length === 0;
  const session = deps.github.installation(installationId);
  const [installation, begun] = await Promise.all([
    isFresh ? known : refreshInstallation(deps, request, known, pending).catch(outages.asKnown),
    known === null ? beginNew(deps, session, installationId) : undefined,
  ]);

  if (installation === null) {
    if (known === null && pending.length === 0) {
      throw new SyncError('INSTALLATION_REMOVED', `GitHub has no installation ${installationId} of this App`);
    }
    await inTransaction(orm, (tx) => markInstallationDeleted(tx, installationId));
    await deliveries.finish(known === null ? `this App has no installation ${installationId}` : undefined);
    await begun?.dismiss();
    return { state: 'deleted', wanted: 0 };
  }
  if (installation.suspended_at !== null) {
    await begun?.dismiss();
    await outages.finish();
    return { state: 'suspended', wanted: 0 };
  }
  session.expect(installation.permissions);
  const list = await pollRepositoryList(deps, installation, pending, begun).catch(outages.withoutList);
  if (list !== null) await resolveMissingRepositories(deps, request, list.listed, pending);
  await probeRepositories(deps, request);
  await recordUnreadable(deps, request, list?.unreadable ?? []);
  await recordRefused(deps, request, list?.refused ?? []);
  await outages.finish();
  return liveWith(await countQueued(db, installationId));
}

/**
 * A new installation needs a token next, and then its list, which is on its way while the installation is stored.
 * For one that was removed the first of these requests is in vain, for a suspended one the second.
 */
async function beginNew(
  deps: SyncDependencies,
  session: GitHubSession,
  installationId: number,
): Promise<BegunList | undefined> {
  if (!(await session.authenticate())) return undefined;
  return beginRepositoryList(deps, installationId);
}

/** Parts of GitHub's answers may be missing. The deliveries are then postponed. */
interface Outages {
  /**
   * An installation about which GitHub cannot be asked still exists: its repositories can be compared all the
   * same.
   */
  asKnown: (error: unknown) => Promise<InstallationRow>;
  /** A sweep compares the known repositories even if the list is unavailable. */
  withoutList: (error: unknown) => Promise<null>;
  /** Completes the deliveries, unless they were postponed. */
  finish: () => Promise<void>;
}

function createOutages(
  deps: SyncDependencies,
  request: InstallationRequest,
  known: InstallationRow | null,
  deliveries: InstallationDeliveries,
): Outages {
  let held: SyncError | null = null;

  async function putOff(error: unknown, words: string): Promise<void> {
    held = await deliveries.hold(error);
    if (held === null) throw error;
    deps.log.warn({ installationId: request.installationId, err: error }, words);
    await recordFailure(sqlOf(deps.orm), request.jobId, held);
  }

  return {
    async asKnown(error: unknown): Promise<InstallationRow> {
      if (known === null) throw error;
      await putOff(error, 'the installation could not be read');
      return known;
    },
    async withoutList(error: unknown): Promise<null> {
      const isFinal = error instanceof SyncError && !errorTable[error.code].retryable;
      if (known === null || request.isLastTry === undefined || !(isFinal || request.isLastTry())) throw error;
      await putOff(error, 'the list of its repositories could not be read');
      return null;
    },
    async finish(): Promise<void> {
      if (held === null) await deliveries.finish();
    },
  };
}

function liveWith({ queued, backfills }: QueueCount): InstallationOutcome {
  return { state: 'live', wanted: queued, backfills };
}
