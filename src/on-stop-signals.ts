/**
 * A terminal sends Ctrl-C to npm and to what it started, and npm passes it on: within this time a repeated signal is
 * the same one.
 */
const SAME_SIGNAL_MS = 500;

/**
 * Calls `stop` at the first of these signals, and `again` at each that comes later than one that npm passed on would.
 */
export function onStopSignals<Signal extends NodeJS.Signals>(
  signals: readonly Signal[],
  stop: (signal: Signal) => void,
  again: (signal: Signal) => void,
): void {
  let stoppedAt: number | null = null;
  const take = (signal: Signal): void => {
    if (stoppedAt === null) {
      stoppedAt = performance.now();
      stop(signal);
    } else if (performance.now() - stoppedAt > SAME_SIGNAL_MS) again(signal);
  };
  for (const signal of signals) process.on(signal, () => take(signal));
}
