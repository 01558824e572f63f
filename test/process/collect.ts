import { collectOnceLoaded } from '../../src/process/collect-once-loaded.ts';

/** A process that works for some intervals, then has nothing to do; it prints what became of an unused object meanwhile. */
const INTERVAL_MS = 50;
const BUSY_MS = 10 * INTERVAL_MS;

const left = new WeakRef({ big: 'x'.repeat(1000) });
const began = performance.now();
const isBusy = () => performance.now() - began < BUSY_MS;
let isKept = true;
collectOnceLoaded(INTERVAL_MS);

function work(): void {
  if (!isBusy()) return rest();
  const until = performance.now() + INTERVAL_MS;
  while (performance.now() < until);
  isKept = left.deref() !== undefined;
  setImmediate(work);
}

function rest(): void {
  const looks = setInterval(() => {
    if (left.deref() !== undefined) return;
    process.stdout.write(
      `${isKept ? 'kept' : 'collected'} while busy, then collected; gc is ${typeof globalThis.gc}`,
    );
    clearInterval(looks);
  }, 20);
}

work();
