import { url as inspectorUrl } from 'node:inspector';
import { Worker } from 'node:worker_threads';

/** The longest legitimate pause of the event loop is reading a delivery of 25 MB: well below a second. */
const HUNG_SECONDS = 30;

/** What the thread receives. */
export interface WatchdogData {
  name: string;
  hungSeconds: number;
  /** how often the loop has turned; negative while a debugger may hold it */
  turns: Int32Array;
}

/**
 * Ends the process, with a line in its log, if its event loop hangs: then it answers nobody, not even a signal,
 * and only a restart helps (`restart: unless-stopped`). A separate thread checks once a second whether the loop
 * turned. It counts its own checks and no clock, so a process that was stopped, or a machine that slept, does
 * not count as hung.
 *
 * @param name the role, for the log
 * @param hungSeconds how long the loop may hang
 */
export function startWatchdog(name: string, hungSeconds = HUNG_SECONDS): void {
  const turns = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let count = 0;
  setInterval(() => {
    count = (count + 1) % 1_000_000;
    Atomics.store(turns, 0, inspectorUrl() === undefined ? count : -1);
  }, 500).unref();
  const workerData: WatchdogData = { name, hungSeconds, turns };
  const thread = new Worker(new URL('watchdog-thread.js', import.meta.url), {
    workerData,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.unref();
}
