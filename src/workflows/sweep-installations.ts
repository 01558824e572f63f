import { sleep } from '@temporalio/workflow';
import { databaseActivities, sweepActivities } from './activity-options.ts';
import { shouldContinueAsNew } from './continue-as-new.ts';
import { isInstallationGone } from '../errors.ts';
import { createQueueWait } from './queue-wait.ts';
import { runTogether } from './run-together.ts';
import { createGitHubWait } from './wait-for-github.ts';

/** Where a sweep continues in its next run: within a page of installations. */
export interface Place {
  /** the last id of the page, and whether there are more pages */
  after: number;
  more: boolean;
  /** installations of this page that are listed and being processed, and those not yet begun */
  begun: number[];
  waiting: number[];
  /** when each of `begun` started; runs of an earlier version lack it */
  begunAt?: Record<number, number>;
}

/** How long a sweep may work; null if it continues until everything is done. */
interface Bounds {
  /** how long it works on one installation */
  turnMs: number;
  /** the time (`Date.now()`) after which it makes only one call of `drainQueue` per installation */
  lateFrom: number;
}

interface Sweep {
  jobId: string;
  everything: boolean;
  bounds: Bounds | null;
  from: Place | undefined;
  /** runs a part of the sweep; a failure is counted and does not stop the rest */
  part: (work: () => Promise<void>) => Promise<void>;
  onDone: () => void;
}

/** Concurrent installations: while one waits for GitHub the others continue. */
const SIDE_BY_SIDE = 8;
/** A sweep waits at most this long for one installation's rate limits: the next sweep retries it. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Compares the installations, one page after the other. An installation whose queue is not empty within the
 * bounds is left to `InstallationImport`, so that it delays the end of neither this sweep nor the next.
 *
 * @returns where the next run continues, or null at the end
 */
export async function sweepInstallations(sweep: Sweep): Promise<Place | null> {
  let place = sweep.from ?? { after: 0, more: true, begun: [], waiting: [] };
  for (;;) {
    if (place.begun.length + place.waiting.length === 0) {
      if (!place.more) return null;
      const { ids, more } = await databaseActivities.nextInstallations({ after: place.after });
      place = { after: ids.at(-1) ?? place.after, more, begun: [], waiting: ids };
    }
    place = await sweepPage(sweep, place);
    if (shouldContinueAsNew()) return place;
  }
}

/** Works on a page until it is done or the history has grown long. Returns what is left of it. */
async function sweepPage(sweep: Sweep, { after, more, begun, waiting, begunAt }: Place): Promise<Place> {
  const queue: Turn[] = [
    ...begun.map((id) => ({ id, listed: true, begunAt: begunAt?.[id] })),
    ...waiting.map((id) => ({ id, listed: false })),
  ];
  const unfinished: Turn[] = [];
  async function lane(): Promise<void> {
    while (!shouldContinueAsNew()) {
      const next = queue.shift();
      if (next === undefined) return;
      next.begunAt ??= Date.now();
      await sweep.part(async () => {
        if ((await sweepInstallation(sweep, next)) === 'unfinished') unfinished.push(next);
      });
      if (!unfinished.includes(next)) sweep.onDone();
    }
  }
  await runTogether(Array.from({ length: SIDE_BY_SIDE }, () => lane));
  const begunLeft = [...unfinished, ...queue.filter(({ listed }) => listed)];
  return {
    after,
    more,
    begun: begunLeft.map(({ id }) => id),
    waiting: queue.filter(({ listed }) => !listed).map(({ id }) => id),
    begunAt: Object.fromEntries(begunLeft.map((turn) => [turn.id, turn.begunAt ?? Date.now()])),
  };
}

/** An installation of a page, and when its turn began. */
interface Turn {
  id: number;
  listed: boolean;
  begunAt?: number | undefined;
}

async function sweepInstallation(
  { jobId, everything, bounds }: Sweep,
  { id: installationId, listed, begunAt = Date.now() }: Turn,
): Promise<'done' | 'unfinished'> {
  const github = createGitHubWait();
  const waitFor = createQueueWait();
  const summary = `installation ${installationId}`;
  const isOver = () =>
    bounds !== null && (Date.now() - begunAt >= bounds.turnMs || Date.now() >= bounds.lateFrom);
  let waited = 0;
  let remaining = listed ? 1 : await list();
  while (remaining > 0) {
    if (shouldContinueAsNew()) return 'unfinished';
    const outcome = await sweepActivities.workOff.executeWithOptions({ summary }, [
      { installationId, jobId },
    ]);
    const { stopped } = outcome;
    remaining = outcome.remaining;
    if (stopped === null) github.reset();
    if (stopped !== null && isInstallationGone(stopped.code)) {
      remaining = await list();
      if (remaining === 0) break;
    }
    if (stopped !== null) {
      waited += stopped.retryAfterMs;
      if (waited > LONGEST_WAIT_MS) {
        await databaseActivities.noteFailure({
          jobId,
          error: { code: stopped.code, message: stopped.message },
        });
        return 'done';
      }
      await github.wait(stopped);
    } else if (remaining > 0 && isOver()) {
      await databaseActivities.leaveToImport.executeWithOptions({ summary }, [{ installationId }]);
      return 'done';
    } else if (remaining > 0) {
      await sleep(waitFor(remaining, outcome.afterMs), { summary });
    }
  }
  return 'done';

  async function list(): Promise<number> {
    const { state, wanted } = await sweepActivities.compareInstallation.executeWithOptions({ summary }, [
      { installationId, jobId, sweep: !everything, ofSweep: true },
    ]);
    return state === 'live' ? wanted : 0;
  }
}
