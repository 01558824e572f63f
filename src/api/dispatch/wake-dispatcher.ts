import type { WakeTarget } from '../../temporal/wake.ts';
import { createSideBySide } from './side-by-side.ts';
import { createStorms } from './storms.ts';

// A wake that follows at once may be the last, and waits only briefly; a storm for one repository becomes four
// wakes a second, each of which looks at everything pending.
const SHORTEST_GAP_MS = 50;
const GAP_MS = 250;
// `InstallationDeliveries` keeps looking by itself.
const STORM_GAP_MS = 1000;
// Measured: a Temporal server on two cores accepts more than 300 signals a second, each in 10 to 60 ms.
const CONCURRENCY = 20;

export interface WakeDispatcher {
  /**
   * Wakes a workflow now, or a little later together with other wakes for it. Never throws, never waits.
   *
   * @param alone wakes the repository's own workflow even during a storm: the delivery has waited long enough
   */
  wake: (target: WakeTarget, alone?: boolean) => void;
  /** Sends nothing more; resolves once wakes in progress have arrived or failed. */
  close: () => Promise<void>;
}

export interface DispatcherDeps {
  /** Sends one wake to Temporal, within a deadline. */
  send: (target: WakeTarget) => Promise<void>;
  /**
   * Whether deliveries are still pending for the target: if an earlier wake picked them up, no other wake is
   * needed.
   */
  isPending: (target: WakeTarget) => Promise<boolean>;
  onOutcome: (outcome: 'sent' | 'merged' | 'failed', target: WakeTarget, error?: unknown) => void;
}

interface Lane {
  target: WakeTarget;
  /** requested again since the last one was sent */
  again: boolean;
  /** one was sent before, so what is pending now may already be in progress */
  isLater: boolean;
  state: 'queued' | 'sending' | 'resting';
  /** how long after this one the next may be sent, increasing while they follow each other */
  gapMs: number;
  /** since when it rests (`performance.now()`), and what ends that */
  restsSince: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Sends wakes to Temporal without delaying any answer. For each workflow only one wake is in progress: the
 * first is sent at once; those that follow shortly are merged into one later wake, which is sent only if
 * deliveries are still pending: after 50 ms the first time, then doubling, up to a quarter of a second. If many
 * repositories of one installation have deliveries at once, the installation is woken (`createStorms`). A
 * failed wake is not repeated here: the deliveries remain in the database, where the poller finds them.
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

  /** A lane ends a moment after its wake, or sooner if another one is requested. */
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
    // A wake that is still queued will cover this delivery too.
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

/** Sends a lane's wake to Temporal, unless an earlier one has picked up everything pending. Never rejects. */
async function bring(
  { send, isPending, onOutcome }: DispatcherDeps,
  { target, isLater }: Lane,
): Promise<void> {
  try {
    // If that is unknown, an extra wake does no harm.
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
