import type { WakeTarget } from '../../temporal/wake.ts';
import { createSideBySide } from './side-by-side.ts';
import { createStorms } from './storms.ts';

// What follows at once may be all that follows, and waits shortly; a storm for one repository becomes four wakes a second,
// each of which looks at everything that waits.
const SHORTEST_GAP_MS = 50;
const GAP_MS = 250;
// `InstallationDeliveries` continues to look by itself.
const STORM_GAP_MS = 1000;
// Measured: a Temporal server on two cores takes 300 and more signals a second, each in 10 to 60 ms.
const CONCURRENCY = 20;

export interface WakeDispatcher {
  /**
   * Wakes now, or soon together with others for the same workflow. Never throws, never waits.
   *
   * @param alone the workflow of a repository is woken itself, however many others are: it has waited long enough
   */
  wake: (target: WakeTarget, alone?: boolean) => void;
  /** Sends nothing more; resolves when what is on its way has arrived or failed. */
  close: () => Promise<void>;
}

export interface DispatcherDeps {
  /** Brings one wake to Temporal, within a deadline. */
  send: (target: WakeTarget) => Promise<void>;
  /** Whether anything still waits for the target: what an earlier wake has taken along needs no other one. */
  isPending: (target: WakeTarget) => Promise<boolean>;
  onOutcome: (outcome: 'sent' | 'merged' | 'failed', target: WakeTarget, error?: unknown) => void;
}

interface Lane {
  target: WakeTarget;
  /** asked for again since the last one was sent */
  again: boolean;
  /** one was sent before: what waits now may be on its way already */
  isLater: boolean;
  state: 'queued' | 'sending' | 'resting';
  /** how long after this one the next may be sent: longer and longer while they follow each other */
  gapMs: number;
  /** since when it rests (`performance.now()`), and what ends that */
  restsSince: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Brings wakes to Temporal outside of any answer's way. At most one wake for a workflow is on its way; the first
 * is sent at once, those that follow within a moment are merged into one later wake, which is sent where something is
 * left to be done: after 50 ms the first time, then after twice as long each time, up to a quarter of a second. Of many
 * repositories of one installation at once the installation is woken (`createStorms`). A failed wake is not repeated
 * here: the deliveries still wait in the database, where the poller finds them.
 */
export function createWakeDispatcher(deps: DispatcherDeps): WakeDispatcher {
  const lanes = new Map<string, Lane>();
  const storms = createStorms((target) => lanes.has(keyOf(target)));
  const resting = new Set<Lane>();
  const sending = createSideBySide(CONCURRENCY, async (lane: Lane) => {
    lane.state = 'sending';
    lane.again = false;
    await bring(deps, lane);
    lane.state = 'resting';
    lane.restsSince = performance.now();
    resting.add(lane);
    scheduleEnd(lane);
  });
  let closed = false;

  /** A moment after its wake a lane is over; sooner, where another one is asked for. */
  function scheduleEnd(lane: Lane): void {
    const restMs = lane.again || lane.target.kind === 'deliveries' ? lane.gapMs : GAP_MS;
    clearTimeout(lane.timer);
    lane.timer = setTimeout(() => end(lane), Math.max(0, lane.restsSince + restMs - performance.now()));
  }

  function end(lane: Lane): void {
    resting.delete(lane);
    lanes.delete(keyOf(lane.target));
    storms.end(lane.target);
    if (lane.again) add(lane.target, { isLater: true, gapMs: Math.min(2 * lane.gapMs, GAP_MS) });
  }

  function add(asked: WakeTarget, { isLater = false, alone = false, gapMs = SHORTEST_GAP_MS }): void {
    if (closed) return;
    const target = alone ? asked : storms.route(asked);
    const lane = lanes.get(keyOf(target));
    if (lane === undefined) {
      const begun = newLane(target, isLater && target === asked, gapMs);
      lanes.set(keyOf(target), begun);
      storms.begin(target);
      sending.add(begun);
      return;
    }
    // One that is still queued will see this delivery too.
    if (lane.state !== 'queued' && !lane.again) {
      lane.again = true;
      if (lane.state === 'resting') scheduleEnd(lane);
    }
    deps.onOutcome('merged', target);
  }

  return {
    wake: (target, alone) => add(target, { alone }),
    async close() {
      closed = true;
      for (const { timer } of resting) clearTimeout(timer);
      await sending.close();
      for (const { timer } of resting) clearTimeout(timer);
    },
  };
}

function newLane(target: WakeTarget, isLater: boolean, gapMs: number): Lane {
  return {
    target,
    again: false,
    isLater,
    state: 'queued',
    gapMs: target.kind === 'deliveries' ? STORM_GAP_MS : gapMs,
    restsSince: 0,
    timer: undefined,
  };
}

/** Brings a lane's wake to Temporal, unless an earlier one has taken along all that waits. Never rejects. */
async function bring(
  { send, isPending, onOutcome }: DispatcherDeps,
  { target, isLater }: Lane,
): Promise<void> {
  try {
    // Where that cannot be asked, a wake too many does no harm.
    if (isLater && !(await isPending(target).catch(() => true))) {
      onOutcome('merged', target);
      return;
    }
    await send(target);
    onOutcome('sent', target);
  } catch (error) {
    onOutcome('failed', target, error);
  }
}

function keyOf({ kind, id }: WakeTarget): string {
  return `${kind}/${id}`;
}
