import type { Trigger } from '../model.ts';
import type { Wake } from './messages.ts';

const strength: Readonly<Record<Trigger, number>> = { webhook: 0, recovery: 1, schedule: 2, manual: 3 };

export type Wakes = ReturnType<typeof createWakes>;

/**
 * Wakes that a workflow has not served yet. Any number of wakes become one, with the strongest trigger.
 *
 * @param carried the wake that the previous run did not serve
 */
export function createWakes(carried: Trigger | null) {
  let pending = carried;
  let signals = 0;

  function request(trigger: Trigger): void {
    pending = stronger(pending, trigger);
  }

  /** The handler of the signal `wake`. By hand it can contain anything: an unknown trigger counts as manual. */
  function signal(wake: Wake | null | undefined): void {
    signals += 1;
    const trigger = wake?.trigger ?? 'manual';
    request(Object.hasOwn(strength, trigger) ? trigger : 'manual');
  }

  /** Returns a function that tells whether another signal has arrived since now. */
  function watchSignals(): () => boolean {
    const heard = signals;
    return () => signals !== heard;
  }

  function consume(): Trigger | null {
    const consumed = pending;
    pending = null;
    return consumed;
  }

  /** Drops a wake by deliveries alone: the work in progress serves it. */
  function consumeDeliveries(): void {
    if (pending === 'webhook' || pending === 'recovery') pending = null;
  }

  return {
    request,
    signal,
    watchSignals,
    consume,
    consumeDeliveries,
    isPending: () => pending !== null,
    pending: () => pending,
  };
}

/** A comparison that a person requested also applies deliveries; the reverse is not true. */
function stronger(a: Trigger | null, b: Trigger): Trigger {
  return a === null || strength[b] > strength[a] ? b : a;
}
