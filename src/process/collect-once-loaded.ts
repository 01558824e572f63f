import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The first health answer, which compiles the most, is over by then. */
const LOADED_MS = 3000;
/** Of an interval, the part in which a process that is hardly used works: probes and the dashboard of one person. */
const IDLE_UTILIZATION = 0.05;

type Collect = (options: { type: 'major'; flavor: 'last-resort' }) => void;

/**
 * Gives back, once, the memory that loading the program left behind. A process with little to do reaches V8's next full
 * collection much later, and one such alone returns nothing of it (`regular`: 144 MiB before and after). Measured at the
 * API: 123 MiB in place of 145 with nothing to do, and 165-191 in place of 195-203 while it is sent bodies that never end
 * (`npm run bench -- unsigned-bodies`), for 0.13 s of processor time, during which it answers nobody: therefore not before
 * it has had little to do for an interval.
 */
export function collectOnceLoaded(afterMs = LOADED_MS): void {
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(before);
    before = performance.eventLoopUtilization();
    if (utilization > IDLE_UTILIZATION) return;
    clearInterval(timer);
    collect();
  }, afterMs).unref();
}

function collect(): void {
  // V8 gives the function to contexts that are created while the flag is set.
  setFlagsFromString('--expose-gc');
  const run: Collect | undefined = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  run?.({ type: 'major', flavor: 'last-resort' });
}
