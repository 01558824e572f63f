import type { Client } from '@temporalio/client';
import { syncNow, type SyncNowOutcome } from './sync-now.ts';
import type { WakeTarget } from './wake.ts';

interface Turn {
  outcome: Promise<SyncNowOutcome>;
  /** the callers that wait for it; without any it need not begin */
  waiters: number;
}

interface Turns {
  running: Turn;
  next?: Turn;
}

export type SharedSyncNow = (target: WakeTarget, signal: AbortSignal) => Promise<SyncNowOutcome>;

/**
 * `syncNow` for any number of concurrent callers: Temporal accepts ten updates of a workflow at a time. Callers
 * that arrive while one is in progress share the next, because the work must have begun after the request.
 *
 * @param turnMs how long to wait for one update
 */
export function createSharedSyncNow(client: Client, turnMs: number, stopping: AbortSignal): SharedSyncNow {
  const workflows = new Map<string, Turns>();

  function begin(target: WakeTarget): Promise<SyncNowOutcome> {
    return syncNow(client, target, AbortSignal.any([AbortSignal.timeout(turnMs), stopping]));
  }

  function start(key: string, turn: Turn): void {
    const turns: Turns = { running: turn };
    workflows.set(key, turns);
    const follow = (): void => {
      if (turns.next === undefined || turns.next.waiters === 0) workflows.delete(key);
      else start(key, turns.next);
    };
    turn.outcome.then(follow, follow);
  }

  function join(key: string, target: WakeTarget): Turn {
    const turns = workflows.get(key);
    if (turns === undefined) {
      const turn = { outcome: begin(target), waiters: 0 };
      start(key, turn);
      return turn;
    }
    if (turns.next === undefined) {
      const turn: Turn = { outcome: Promise.resolve({ state: 'unanswered' }), waiters: 0 };
      const after = async (): Promise<SyncNowOutcome> =>
        turn.waiters === 0 ? { state: 'unanswered' } : begin(target);
      turn.outcome = turns.running.outcome.then(after, after);
      turns.next = turn;
    }
    return turns.next;
  }

  return async (target, signal) => {
    const turn = join(`${target.kind}/${target.id}`, target);
    turn.waiters += 1;
    try {
      return await Promise.race([turn.outcome, endOf(signal)]);
    } finally {
      turn.waiters -= 1;
    }
  };
}

function endOf(signal: AbortSignal): Promise<SyncNowOutcome> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ state: 'unanswered' });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
