import { sleep } from '@temporalio/workflow';
import { bookkeeping, brisk } from './activity-options.ts';
import { isLong } from './history-bound.ts';
import { isLoss } from './import-repositories.ts';
import { createQueueWait } from './queue-wait.ts';

/** Where a sweep goes on in its next run: within a page of installations. */
export interface Place {
  /** the last id of the page, and whether there are more pages */
  after: number;
  more: boolean;
  /** of this page: listed already and being worked off, and not yet begun */
  begun: number[];
  waiting: number[];
}

interface Sweep {
  jobId: string;
  everything: boolean;
  from: Place | undefined;
  /** runs a part of the sweep whose failure is counted and keeps nothing else from going on */
  part: (work: () => Promise<void>) => Promise<void>;
  onDone: () => void;
}

/** Installations at a time: one that waits for GitHub keeps the others going. */
const SIDE_BY_SIDE = 8;
/** Longer than this a sweep does not wait for one installation's limits: the next sweep has it again. */
const LONGEST_WAIT_MS = 60_000;

/** Compares the installations one page after the other. Gives the place where the next run goes on, or null. */
export async function sweepInstallations(sweep: Sweep): Promise<Place | null> {
  let place = sweep.from ?? { after: 0, more: true, begun: [], waiting: [] };
  for (;;) {
    if (place.begun.length + place.waiting.length === 0) {
      if (!place.more) return null;
      const { ids, more } = await bookkeeping.nextInstallations({ after: place.after });
      place = { after: ids.at(-1) ?? place.after, more, begun: [], waiting: ids };
    }
    place = await sweepPage(sweep, place);
    if (isLong()) return place;
  }
}

/** Works on a page until it is done, or the history has grown long. Gives what is left of it. */
async function sweepPage(sweep: Sweep, { after, more, begun, waiting }: Place): Promise<Place> {
  const queue = [
    ...begun.map((id) => ({ id, listed: true })),
    ...waiting.map((id) => ({ id, listed: false })),
  ];
  const unfinished: number[] = [];
  async function lane(): Promise<void> {
    while (!isLong()) {
      const next = queue.shift();
      if (next === undefined) return;
      await sweep.part(async () => {
        if ((await sweepInstallation(sweep, next.id, next.listed)) === 'unfinished') unfinished.push(next.id);
      });
      if (!unfinished.includes(next.id)) sweep.onDone();
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  const left = (listed: boolean) => queue.filter((one) => one.listed === listed).map(({ id }) => id);
  return { after, more, begun: [...unfinished, ...left(true)], waiting: left(false) };
}

async function sweepInstallation(
  { jobId, everything }: Sweep,
  installationId: number,
  listed: boolean,
): Promise<'done' | 'unfinished'> {
  const waitFor = createQueueWait();
  let waited = 0;
  let remaining = listed ? 1 : await list();
  while (remaining > 0) {
    if (isLong()) return 'unfinished';
    const outcome = await brisk.workOff({ installationId, jobId });
    const { stopped } = outcome;
    remaining = outcome.remaining;
    if (stopped !== null && isLoss(stopped.code)) {
      remaining = await list();
      if (remaining === 0) break;
    }
    if (stopped !== null) {
      waited += stopped.retryAfterMs;
      if (waited > LONGEST_WAIT_MS) {
        await bookkeeping.noteFailure({ jobId, error: { code: stopped.code, message: stopped.message } });
        return 'done';
      }
      await sleep(stopped.retryAfterMs);
    } else if (remaining > 0) {
      await sleep(waitFor(remaining, outcome.afterMs));
    }
  }
  return 'done';

  async function list(): Promise<number> {
    const { state, wanted } = await brisk.compareInstallation({ installationId, jobId, sweep: !everything });
    return state === 'live' ? wanted : 0;
  }
}
