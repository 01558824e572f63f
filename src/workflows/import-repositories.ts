import { condition, patched, sleep } from '@temporalio/workflow';
import { errorTable, isInstallationGone, type ErrorCode } from '../errors.ts';
import type { Activities } from '../activities/index.ts';
import type { InstallationResult } from '../activities/installation-activities.ts';
import { databaseActivities, githubActivities } from './activity-options.ts';
import type { Callers } from './callers.ts';
import { shouldContinueAsNew } from './continue-as-new.ts';
import { failureOf, type Reason } from './failures.ts';
import { countImport, queuedOf, type ImportCounts } from './import-counts.ts';
import { createQueueWait } from './queue-wait.ts';
import { runTogether } from './run-together.ts';
import { showDetails } from './show-details.ts';
import { createGitHubWait } from './wait-for-github.ts';
import type { Trigger } from '../model.ts';
import type { Wakes } from './wakes.ts';

/** The state of an import, shared with the workflow that displays it. */
export interface ImportState {
  installationId: number;
  jobId: string;
  page: string | null;
  /** false once the installation is suspended or removed */
  live: boolean;
  counts: ImportCounts;
  /**
   * whether the list of repositories has been read, by this run or one that it continues, since it was last
   * requested
   */
  listed: boolean;
  /**
   * since when (`Date.now()`) GitHub has refused the installation's token as suspended or removed, although it shows
   * the installation as live; null if it does not
   */
  disputedSince: number | null;
  wakes: Wakes;
  callers: Callers;
  onProgress: () => void;
}

type Stopped = NonNullable<Awaited<ReturnType<Activities['workOff']>>['stopped']>;

/**
 * What GitHub says of an installation contradicts itself for seconds, while a suspension or an uninstall spreads. After an
 * hour, as long as a token is valid, somebody must look: the import fails, and a sweep tries again.
 */
const LONGEST_DISPUTE_MS = 3_600_000;

/** A second lane pays off only with many queued repositories; with several workers each takes one. */
const LANES_FROM = 12;

/**
 * Lists the repositories of an installation and processes the queued ones in lanes; meanwhile wakes are served
 * by listing again.
 *
 * @returns `unfinished` if the history has grown long: continue as new
 */
export async function importRepositories(state: ImportState): Promise<'done' | 'unfinished'> {
  const { installationId, jobId, wakes, counts } = state;
  let listings = 0;

  /** @param trigger of the wake being served; null if there is none and the list is simply due */
  async function list(trigger: Trigger | null): Promise<void> {
    // Deliveries whose wake arrived late may already have been applied by the previous listing: then nothing is
    // listed again.
    const pendingOnly = state.listed && (trigger === 'webhook' || trigger === 'recovery');
    state.listed = false;
    const outcome = await compare(state, pendingOnly);
    if (outcome === null) return;
    state.listed = true;
    listings += 1;
    const cutShort = state.live && queuedOf(counts) > 0 && outcome.state !== 'live';
    state.live = outcome.state === 'live';
    if (cutShort) await databaseActivities.noteFailure({ jobId, error: lossOf(outcome.state) });
    countImport(counts, outcome.wanted, outcome.backfills);
    state.onProgress();
  }

  /** Waits until GitHub may be asked again, or the installation is gone. */
  async function pause(stopped: Stopped, github: ReturnType<typeof createGitHubWait>): Promise<void> {
    const { code, message } = stopped;
    await databaseActivities.noteFailure({ jobId, error: { code, message }, waits: true });
    await github.wait(stopped, patched('wait-while-live') ? () => !state.live : undefined);
  }

  async function lane(): Promise<void> {
    const github = createGitHubWait();
    const waitFor = createQueueWait();
    while (state.live && queuedOf(counts) > 0 && !mustEnd(state)) {
      const before = listings;
      const { remaining, backfills, afterMs, stopped } = await githubActivities.workOff({
        installationId,
        jobId,
      });
      // What a listing queued in the meantime may not have been counted.
      if (listings === before || remaining > queuedOf(counts)) countImport(counts, remaining, backfills);
      state.onProgress();
      if (stopped === null) github.reset();
      const isRefused = stopped !== null && isInstallationGone(stopped.code);
      // Whether the token was refused while something else stopped the work, nobody knows.
      if (!isRefused) state.disputedSince = null;
      if (isRefused) {
        const isDisputed = await checkDispute(state, stopped, list);
        if (isDisputed) await pause(stopped, github);
      } else if (stopped !== null) {
        await pause(stopped, github);
      } else if (remaining > 0) {
        await sleep(waitFor(remaining, afterMs), { summary: `${remaining} repositories are queued` });
      }
    }
  }

  for (;;) {
    const trigger = wakes.consume();
    if (trigger !== null || !state.listed) await list(trigger);
    let lanes = queuedOf(counts) > LANES_FROM ? 2 : 1;
    const work = async () => {
      await lane();
      lanes -= 1;
    };
    const serve = () => serveWakes(wakes, () => lanes === 0, list);
    await runTogether([...Array.from({ length: lanes }, () => work), serve]);
    const left = wakes.isPending() || !state.listed || (state.live && queuedOf(counts) > 0);
    if (!left) return 'done';
    if (mustEnd(state)) return 'unfinished';
  }
}

/**
 * Lists again because GitHub refuses the installation's token.
 *
 * @returns whether it shows the installation as live all the same; earlier versions looked again at once, without end
 * @throws ApplicationFailure if that has lasted for an hour
 */
async function checkDispute(
  state: ImportState,
  { code }: Stopped,
  list: (trigger: Trigger | null) => Promise<void>,
): Promise<boolean> {
  const since = state.disputedSince;
  await list(since === null ? null : 'recovery');
  const isDisputed = state.live && patched('pause-while-disputed');
  state.disputedSince = isDisputed ? (since ?? Date.now()) : null;
  if (
    isDisputed &&
    since !== null &&
    Date.now() - since >= LONGEST_DISPUTE_MS &&
    patched('end-long-dispute')
  ) {
    const message =
      "GitHub has refused the installation's token for an hour, and shows the installation as live";
    throw failureOf({ code, message: `${message}. ${errorTable[code].advice}` });
  }
  return isDisputed;
}

function mustEnd({ callers }: Pick<ImportState, 'callers'>): boolean {
  return shouldContinueAsNew(callers.hasWaiters());
}

/**
 * Waits while GitHub cannot be asked; a wake may concern something that needs no rate limit (an uninstall, a
 * suspension).
 */
async function compare(
  { installationId, jobId, page, wakes, callers }: ImportState,
  pendingOnly: boolean,
): Promise<InstallationResult | null> {
  const github = createGitHubWait();
  let recorded: ErrorCode | undefined;
  while (!mustEnd({ callers })) {
    const outcome = await githubActivities.compareInstallation({
      installationId,
      jobId,
      sweep: false,
      ...(pendingOnly ? { pendingOnly } : {}),
    });
    if (outcome.waiting === undefined) return outcome;
    const { code, message } = outcome.waiting;
    showDetails(`Waiting to list repositories: ${code}, ${message}`, page);
    if (code !== recorded)
      await databaseActivities.noteFailure({ jobId, error: { code, message }, waits: true });
    recorded = code;
    await github.wait(outcome.waiting, wakes.isPending);
    wakes.consume();
  }
  return null;
}

/** Serves wakes beside the lanes, until those have nothing left to do. */
async function serveWakes(
  wakes: Wakes,
  isOver: () => boolean,
  list: (trigger: Trigger) => Promise<void>,
): Promise<void> {
  for (;;) {
    await condition(() => isOver() || wakes.isPending());
    const trigger = wakes.consume();
    if (trigger === null) return;
    await list(trigger);
  }
}

function lossOf(state: 'live' | 'suspended' | 'deleted'): Reason {
  return state === 'deleted'
    ? { code: 'INSTALLATION_REMOVED', message: 'the App was uninstalled before all was imported' }
    : { code: 'INSTALLATION_SUSPENDED', message: 'the App was suspended before all was imported' };
}
