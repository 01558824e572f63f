import type { Trigger } from '../model.ts';
import type { Wake } from './messages.ts';

const strength: Readonly<Record<Trigger, number>> = { webhook: 0, recovery: 1, schedule: 2, manual: 3 };

export type Wakes = ReturnType<typeof createWakes>;

/**
 * What a workflow was woken for and has not begun yet. Any number of wakes become one, of the strongest trigger.
 *
 * @param carried what the run before this one did not come to
 */
export function createWakes(carried: Trigger | null) {
  let pending = carried;
  let signals = 0;

  function request(trigger: Trigger): void {
    pending = stronger(pending, trigger);
  }

  /** The body of the signal `wake`. By hand it can say anything: what is no trigger is a person's wish too. */
  function signal(wake: Wake | null | undefined): void {
    signals += 1;
    const trigger = wake?.trigger ?? 'manual';
    request(Object.hasOwn(strength, trigger) ? trigger : 'manual');
  }

  /** What tells whether another signal has come since now. */
  function watchSignals(): () => boolean {
    const heard = signals;
    return () => signals !== heard;
  }

  function consume(): Trigger | null {
    const consumed = pending;
    pending = null;
    return consumed;
  }

  /** What was woken for by deliveries alone is served by the work that continues. */
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

/** A comparison asked for by a person also applies what was delivered; the reverse is not true. */
function stronger(a: Trigger | null, b: Trigger): Trigger {
  return a === null || strength[b] > strength[a] ? b : a;
}
