// @ts-check
// JavaScript, unlike all other files: for TypeScript the thread loads Node's type stripper, which takes 16 MB for as long
// as the process runs, and 45 ms of processor time.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/**
 * The other side of `startWatchdog`: checks once a second, and kills the process if the loop has not turned for
 * too long.
 *
 * @param {import('./watchdog.ts').WatchdogData} data
 */
function watch({ name, hungSeconds, turns }) {
  let last = -1;
  let still = 0;
  setInterval(() => {
    const now = Atomics.load(turns, 0);
    still = now === last && now >= 0 ? still + 1 : 0;
    last = now;
    if (still < hungSeconds) return;
    try {
      // In pino's format; the loop that would otherwise write it is the one that hangs.
      const line = { level: 60, time: Date.now(), pid: process.pid, name, hungSeconds };
      writeSync(1, `${JSON.stringify({ ...line, msg: 'the event loop hangs: ending the process' })}\n`);
    } finally {
      process.kill(process.pid, 'SIGKILL');
    }
  }, 1000);
}

watch(workerData);
