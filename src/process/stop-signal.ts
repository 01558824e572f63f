import { onStopSignals } from '../on-stop-signals.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Lets a process that is stopped while its program is still loading exit with 0: it has not begun anything.
 *
 * @returns to be called when the program begins, which then stops by its own `stopSignal`. The handler stays:
 * when the last one is removed, Node forgets a signal that has arrived but was not delivered yet
 */
export function endWhileLoading(): () => void {
  let hasBegun = false;
  for (const signal of SIGNALS)
    process.once(signal, () => {
      if (!hasBegun) process.exit(0);
    });
  return () => {
    hasBegun = true;
  };
}

/**
 * Aborted by the first SIGTERM or SIGINT, with the signal's name as its reason. A second one ends the process
 * at once, as it does without a handler.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  onStopSignals(
    SIGNALS,
    (signal) => controller.abort(signal),
    (signal) => {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    },
  );
  return controller.signal;
}
