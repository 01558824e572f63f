import { collectOnceLoaded } from '../../src/process/collect-once-loaded.ts';

/** A process with nothing to do, which prints what became of an object that nobody uses any more. */
const left = new WeakRef({ big: 'x'.repeat(1000) });
collectOnceLoaded(50);
const looks = setInterval(() => {
  if (left.deref() !== undefined) return;
  process.stdout.write(`collected, gc is ${typeof globalThis.gc}`);
  clearInterval(looks);
}, 20);
