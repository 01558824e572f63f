import type { Bench, Benchmark } from '../benchmark.ts';

/** From the start of a process until it says that it is ready. */
export const start: Benchmark = {
  name: 'start',
  about: 'from the start of a process until it is ready',
  run: async (bench: Bench) => {
    const stack = await bench.openStack();
    try {
      return [
        { name: 'API', value: stack.api?.readyMs ?? 0, unit: 'ms', target: '≤ 1000 ms' },
        { name: 'worker', value: stack.worker?.readyMs ?? 0, unit: 'ms', target: '≤ 1500 ms' },
      ];
    } finally {
      await stack.stop();
    }
  },
};
