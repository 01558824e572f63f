import type { WakeTarget } from '../../temporal/wake.ts';

// A storm for one repository becomes four wakes a second: each looks at everything that waits.
const GAP_MS = 250;
// Measured: a Temporal server on two cores takes 300 and more signals a second, each in 10 to 60 ms.
const CONCURRENCY = 20;

export interface WakeDispatcher {
  /** Wakes now, or soon together with others for the same workflow. Never throws, never waits. */
  wake: (target: WakeTarget) => void;
  /** Sends nothing more; resolves when what is on its way has arrived or failed. */
  close: () => Promise<void>;
}

export interface DispatcherDeps {
  /** Brings one wake to Temporal, within a deadline. */
  send: (target: WakeTarget) => Promise<void>;
  onOutcome: (outcome: 'sent' | 'merged' | 'failed', target: WakeTarget, error?: unknown) => void;
}

interface Lane {
  target: WakeTarget;
  /** asked for again since the last one was sent */
  wanted: boolean;
  state: 'queued' | 'sending' | 'resting';
}

/**
 * Brings wakes to Temporal outside of any answer's way. At most one wake for a workflow is on its way; the first
 * is sent at once, those that follow within a moment are merged into one later wake. A failed wake is not
 * repeated here: the deliveries still wait in the database, where the poller finds them.
 */
export function createWakeDispatcher({ send, onOutcome }: DispatcherDeps): WakeDispatcher {
  const lanes = new Map<string, Lane>();
  const queue: Lane[] = [];
  const resting = new Set<NodeJS.Timeout>();
  const sending = new Set<Promise<void>>();
  let closed = false;

  function enqueue(lane: Lane): void {
    lane.state = 'queued';
    queue.push(lane);
    startNext();
  }

  function startNext(): void {
    while (sending.size < CONCURRENCY) {
      const lane = queue.shift();
      if (lane === undefined) return;
      const work = run(lane).finally(() => {
        sending.delete(work);
        startNext();
      });
      sending.add(work);
    }
  }

  async function run(lane: Lane): Promise<void> {
    lane.state = 'sending';
    lane.wanted = false;
    try {
      await send(lane.target);
      onOutcome('sent', lane.target);
    } catch (error) {
      onOutcome('failed', lane.target, error);
    }
    lane.state = 'resting';
    const timer = setTimeout(() => {
      resting.delete(timer);
      if (lane.wanted && !closed) enqueue(lane);
      else lanes.delete(keyOf(lane.target));
    }, GAP_MS);
    resting.add(timer);
  }

  return {
    wake(target) {
      if (closed) return;
      const key = keyOf(target);
      const lane = lanes.get(key);
      if (lane === undefined) {
        const started: Lane = { target, wanted: false, state: 'queued' };
        lanes.set(key, started);
        enqueue(started);
        return;
      }
      // One that is still queued will see this delivery too.
      if (lane.state !== 'queued') lane.wanted = true;
      onOutcome('merged', target);
    },
    async close() {
      closed = true;
      queue.length = 0;
      for (const timer of resting) clearTimeout(timer);
      await Promise.all(sending);
      for (const timer of resting) clearTimeout(timer);
    },
  };
}

function keyOf({ kind, id }: WakeTarget): string {
  return `${kind}/${id}`;
}
