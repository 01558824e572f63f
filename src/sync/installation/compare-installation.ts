import { inTransaction, sqlOf } from '../../db/orm.ts';
import { recordFailure } from '../../db/jobs/write-jobs.ts';
import {
  countQueued,
  liveRepositories,
  type ListedRepository,
  type QueueCount,
} from '../../db/queue/queued-repositories.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { assertBoundApp } from '../../db/installations/bound-app.ts';
import { findInstallation } from '../../db/installations/find-installation.ts';
import { markInstallationDeleted, writeInstallations } from '../../db/installations/write-installations.ts';
import { markRepositoriesRemoved } from '../../db/repositories/write-repositories.ts';
import { errorTable, SyncError } from '../../errors.ts';
import { getInstallation, listInstallations } from '../../github/app-api.ts';
import { askFor } from '../../github/session/usage.ts';
import { countInJob } from '../count-in-job.ts';
import type { InstallationRow } from '../../model.ts';
import {
  askForAccess,
  writeAccess,
  type HeldElsewhere,
  type RepositoryAccess,
} from '../repository/check-access.ts';
import { idsIn, pollRepositoryList, readRepositoryList } from './poll-repository-list.ts';
import { probeRepositories } from './probe-repositories.ts';
import {
  applyInstallationDeliveries,
  type InstallationDeliveries,
} from '../deliveries/apply-installation-deliveries.ts';
import { oneByOne, resolveMissing } from '../listings/resolve-missing.ts';
import { isGitHubAway } from '../is-git-hub-away.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import { refusalOf, writeTold } from '../refusals.ts';
import { recordRefused, recordUnreadable } from './record-left-out.ts';
import type { SyncDependencies } from '../repository/sync-request.ts';

export interface InstallationRequest {
  installationId: number;
  jobId: string;
  /** repositories compared less than so long ago are passed over */
  freshForMs: number;
  /** the list of all installations was read just now: this one's row is as new */
  refreshed?: boolean;
  /** of a sweep: whether what does not come now is left to the next one. Undefined: who asks tries until it comes */
  isLastTry?: boolean;
  /** it was compared a moment ago: GitHub is asked only for what was delivered since */
  pendingOnly?: boolean;
  signal?: AbortSignal;
}

export interface InstallationOutcome {
  state: 'live' | 'suspended' | 'deleted';
  /** how many wait in the queue; the name stands in the histories of running workflows */
  wanted: number;
  /** how many of them have their required kinds, and wait for the others; results of earlier versions lack it */
  backfills?: number;
}

/**
 * Makes an installation and the list of its repositories match GitHub, applies what was delivered about it by
 * that, and puts the repositories that changed into the queue.
 */
export async function compareInstallation(
  deps: SyncDependencies,
  request: InstallationRequest,
): Promise<InstallationOutcome> {
  return countInJob(deps.orm, request.jobId, request.signal, () => {
    askFor(request.refreshed === true ? 'sweeps' : 'imports');
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
    // A comparison that nobody but a delivery asked for is tried again when the delivery is.
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
  let held: SyncError | null = null;
  const isFresh = request.refreshed === true && pending.length === 0;
  const session = deps.github.installation(installationId);
  const [installation] = await Promise.all([
    isFresh ? known : refresh().catch(asKnown),
    // What is new here needs a token next. For one that is gone this request is in vain.
    known === null ? session.authenticate() : undefined,
  ]);

  /** GitHub's answer about the installation, written down; null when the App does not have it. */
  async function refresh(): Promise<InstallationRow | null> {
    const found = await pollInstallation(deps, installationId, pending);
    if (found !== null) {
      const refusal = refusalOf(await writeTold(orm, (tx) => writeInstallations(tx, [found])));
      // Nothing can be mirrored of an installation that has no row.
      if (refusal !== null && known === null) throw refusal;
      if (refusal !== null) await recordFailure(db, request.jobId, refusal);
    }
    return found;
  }
  /** An installation about which GitHub cannot be asked is there: what it holds can be compared all the same. */
  async function asKnown(error: unknown): Promise<InstallationRow> {
    if (known === null) throw error;
    await putOff(error, 'the installation could not be read');
    return known;
  }
  /** A sweep compares the repositories that are known, although their list does not come. */
  async function withoutList(error: unknown): Promise<null> {
    const isFinal = error instanceof SyncError && !errorTable[error.code].retryable;
    if (known === null || request.isLastTry === undefined || !(request.isLastTry || isFinal)) throw error;
    await putOff(error, 'the list of its repositories could not be read');
    return null;
  }
  async function putOff(error: unknown, words: string): Promise<void> {
    held = await deliveries.hold(error);
    if (held === null) throw error;
    deps.log.warn({ installationId, err: error }, words);
    await recordFailure(db, request.jobId, held);
  }
  const finish = async (): Promise<void> => {
    if (held === null) await deliveries.finish();
  };

  if (installation === null) {
    if (known === null && pending.length === 0) {
      throw new SyncError('INSTALLATION_REMOVED', `GitHub has no installation ${installationId} of this App`);
    }
    await inTransaction(orm, (tx) => markInstallationDeleted(tx, installationId));
    await deliveries.finish(known === null ? `this App has no installation ${installationId}` : undefined);
    return { state: 'deleted', wanted: 0 };
  }
  if (installation.suspended_at !== null) {
    await finish();
    return { state: 'suspended', wanted: 0 };
  }
  session.expect(installation.permissions);
  const list = await pollRepositoryList(deps, installationId, pending).catch(withoutList);
  if (list !== null) await resolveMissingRepositories(deps, request, list.listed, pending);
  await probeRepositories(deps, installationId, request.freshForMs);
  await recordUnreadable(deps, request, list?.unreadable ?? []);
  await recordRefused(deps, request, list?.refused ?? []);
  await finish();
  return liveWith(await countQueued(db, installationId));
}

function liveWith({ queued, backfills }: QueueCount): InstallationOutcome {
  return { state: 'live', wanted: queued, backfills };
}

/** GitHub's answer about the installation, asked again while it contradicts what was delivered. */
async function pollInstallation(
  deps: SyncDependencies,
  installationId: number,
  deliveries: readonly PendingDelivery[],
): Promise<InstallationRow | null> {
  const hasAction = (action: string) =>
    deliveries.some((d) => d.event === 'installation' && d.action === action);
  const deleted = hasAction('deleted');
  const latest = deliveries.findLast(
    (d) => d.event === 'installation' && /^(un)?suspend$/.test(d.action ?? ''),
  );
  let found: InstallationRow | null = null;
  await pollUntilConsistent(deps.consistencyDelaysMs, async () => {
    found = await getInstallation(deps.github, installationId);
    if (found === null || deleted) return (found === null) === deleted || deliveries.length === 0;
    return latest === undefined || (found.suspended_at !== null) === (latest.action === 'suspend');
  });
  if (found !== null || deleted) return found;
  // Nobody announced it: the list of all installations has to lack it too.
  const { rows, unreadable } = await listInstallations(deps.github);
  const listed = rows.find(({ id }) => id === installationId) ?? null;
  if (listed === null && unreadable.some(({ id }) => id === null || id === installationId)) {
    throw new SyncError('GITHUB_BAD_ANSWER', `installation ${installationId} cannot be read`);
  }
  return listed;
}

/** So many missing ones are asked for at once; more look like a list that was cut short, which is read again. */
const FEW = 10;

type Unlisted = Pick<ListedRepository, 'id' | 'full_name' | 'installation_id'>;

/** Repositories that the list lacks: those announced as removed are; any other is asked for. */
async function resolveMissingRepositories(
  deps: SyncDependencies,
  { installationId, jobId }: InstallationRequest,
  listed: ReadonlySet<number>,
  deliveries: readonly PendingDelivery[],
): Promise<void> {
  const db = sqlOf(deps.orm);
  const announced = new Set(deliveries.flatMap(({ payload }) => idsIn(payload['repositories_removed'])));
  const unlisted: Unlisted[] = [];
  for await (const page of liveRepositories(db, installationId, 0)) {
    for (const { id, full_name, installation_id } of page)
      if (!listed.has(id)) unlisted.push({ id, full_name, installation_id });
  }
  const removed = unlisted.filter(({ id }) => announced.has(id)).map(({ id }) => id);
  await markRepositoriesRemoved(db, installationId, removed, 'access_lost');
  let missing = unlisted.filter(({ id }) => !announced.has(id));
  if (missing.length > FEW) {
    const again = await readRepositoryList(deps, installationId);
    missing = missing.filter(({ id }) => !again.listed.has(id));
  }
  let elsewhere: SyncError | null = null;
  const error = await resolveMissing<Unlisted, RepositoryAccess | HeldElsewhere>(missing, {
    ask: oneByOne(
      (repository) => askForAccess(deps.orm, deps.github, repository, null, false),
      () => isGitHubAway(deps.github),
    ),
    write: async (verdicts) => {
      await inTransaction(deps.orm, async (tx) => {
        for (const [repository, access] of verdicts) {
          if (access.live === null) elsewhere ??= access.error;
          else await writeAccess(tx, repository, access);
        }
      });
    },
  });
  // Those that could not be asked for stay as they are: the next sweep asks again.
  for (const unasked of [error, elsewhere]) {
    if (unasked === null) continue;
    deps.log.warn(
      { installationId, err: unasked },
      'repositories that the list lacks could not be asked for',
    );
    await recordFailure(db, jobId, unasked);
  }
}
