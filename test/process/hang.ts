import { startWatchdog } from '../../src/process/watchdog.ts';

/** A process that works for longer than it may stand still, says so, and then hangs. */
const HUNG_SECONDS = 2;

startWatchdog('hanging', HUNG_SECONDS);
// Turns the loop, and blocks it for a second at a time as honest work may.
for (let turn = 0; turn < 4; turn += 1) {
  block(1000);
  await new Promise((resolve) => setTimeout(resolve, 600));
}
process.stdout.write('worked\n');
block(60_000);

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
