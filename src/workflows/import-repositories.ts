import type { ErrorCode } from '../errors.ts';
import { condition, setCurrentDetails, sleep } from '@temporalio/workflow';
import type { InstallationResult } from '../activities/installation-activities.ts';
import { bookkeeping, patient } from './activity-options.ts';
import { isLong, isMuchTooLong } from './history-bound.ts';
import type { Trigger } from '../model.ts';
import { createQueueWait } from './queue-wait.ts';

/** Where an import stands, shared with the workflow that shows it. */
export interface ImportState {
  installationId: number;
  jobId: string;
  /** false once the installation is suspended or gone */
  live: boolean;
  /** repositories that wait for a comparison, and the most that ever did */
  wanted: number;
  total: number;
  /** the list of repositories was read, by this run or one that it continues, since it was last wanted */
  listed: boolean;
  takeWoken: () => Trigger | null;
  isWoken: () => boolean;
  /** somebody waits for this very run */
  isAwaited: () => boolean;
  show: () => void;
}

/** While GitHub cannot be asked and does not say for how long: so often it is tried. */
const FIRST_TRY_MS = 500;
const LAST_TRY_MS = 60_000;
/** A second lane only pays where many repositories wait; with several workers each takes one. */
const LANES_FROM = 12;

/**
 * Lists the repositories of an installation and works off those that wait, in lanes, while wakes are served
 * beside them by listing again.
 *
 * @returns `unfinished` when the history has grown long: go on in a new run
 */
export async function importRepositories(state: ImportState): Promise<'done' | 'unfinished'> {
  const { installationId, jobId } = state;
  let listings = 0;

  const mustEnd = () => isLong() && (!state.isAwaited() || isMuchTooLong());

  /** Waits while GitHub cannot be asked; a wake may be of what needs no limit (an uninstall, a suspension). */
  async function compare(): Promise<InstallationResult | null> {
    let noted: ErrorCode | undefined;
    for (let tries = 0; !mustEnd(); tries += 1) {
      const outcome = await patient.compareInstallation({ installationId, jobId, sweep: false });
      if (outcome.waiting === undefined) return outcome;
      const { code, message, retryAfterMs } = outcome.waiting;
      setCurrentDetails(`Waits to list repositories: ${code}, ${message}`);
      if (code !== noted) await bookkeeping.noteFailure({ jobId, error: { code, message }, waits: true });
      noted = code;
      const delay = retryAfterMs ?? Math.min(FIRST_TRY_MS * 2 ** tries, LAST_TRY_MS);
      // Spread: all that wait for one reset would otherwise come back in the same instant.
      await condition(state.isWoken, Math.ceil(delay * (1 + Math.random() * 0.1)));
      state.takeWoken();
    }
    return null;
  }

  async function list(): Promise<void> {
    state.listed = false;
    const outcome = await compare();
    if (outcome === null) return;
    state.listed = true;
    listings += 1;
    const cutShort = state.live && state.wanted > 0 && outcome.state !== 'live';
    state.live = outcome.state === 'live';
    if (cutShort) await bookkeeping.noteFailure({ jobId, error: lossOf(outcome.state) });
    state.wanted = outcome.wanted;
    state.total = Math.max(state.total, state.wanted);
    state.show();
  }

  async function lane(): Promise<void> {
    const waitFor = createQueueWait();
    while (state.live && state.wanted > 0 && !mustEnd()) {
      const before = listings;
      const { remaining, afterMs, stopped } = await patient.workOff({ installationId, jobId });
      // What a listing has queued meanwhile was perhaps not counted.
      state.wanted = listings === before ? remaining : Math.max(remaining, state.wanted);
      state.show();
      if (stopped !== null && isLoss(stopped.code)) {
        await list();
      } else if (stopped !== null) {
        const { code, message } = stopped;
        await bookkeeping.noteFailure({ jobId, error: { code, message }, waits: true });
        await sleep(stopped.retryAfterMs);
      } else if (remaining > 0) {
        await sleep(waitFor(remaining, afterMs));
      }
    }
  }

  /** Serves wakes beside the lanes, until these have nothing left to do. */
  async function serveWakes(lanes: Promise<unknown>): Promise<void> {
    let over = false;
    const end = (): void => {
      over = true;
    };
    const ended = lanes.then(end, end);
    for (;;) {
      await condition(() => over || state.isWoken());
      if (state.takeWoken() === null) break;
      await list();
    }
    await ended;
  }

  for (;;) {
    if (state.takeWoken() !== null || !state.listed) await list();
    const lanes = Promise.all(state.wanted > LANES_FROM ? [lane(), lane()] : [lane()]);
    await serveWakes(lanes);
    await lanes;
    const left = state.isWoken() || !state.listed || (state.live && state.wanted > 0);
    if (!left) return 'done';
    if (mustEnd()) return 'unfinished';
  }
}

/** The installation itself is out of reach: not the next request, but GitHub's list says what is left. */
export function isLoss(code: ErrorCode): boolean {
  return code === 'INSTALLATION_SUSPENDED' || code === 'INSTALLATION_REMOVED';
}

function lossOf(state: 'live' | 'suspended' | 'deleted'): { code: ErrorCode; message: string } {
  return state === 'deleted'
    ? { code: 'INSTALLATION_REMOVED', message: 'the App was uninstalled before all was imported' }
    : { code: 'INSTALLATION_SUSPENDED', message: 'the App was suspended before all was imported' };
}
