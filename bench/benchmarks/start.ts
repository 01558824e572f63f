import type { Bench, Benchmark } from '../benchmark.ts';
import { cpuSecondsOf, memoryOf } from '../process-usage.ts';
import type { Program } from '../program.ts';

/** From the start of a process until it says that it is ready. */
export const start: Benchmark = {
  name: 'start',
  about: 'from the start of a process until it is ready',
  run: async (bench: Bench) => {
    const api = await readyOne(bench, 'api');
    const worker = await readyOne(bench, 'worker');
    return [
      { name: 'API', value: api.readyMs, unit: 'ms', target: '≤ 1000 ms' },
      { name: 'worker', value: worker.readyMs, unit: 'ms', target: '≤ 1500 ms' },
      { name: 'processor time of the API', value: api.cpuMs, unit: 'ms' },
      { name: 'processor time of the worker', value: worker.cpuMs, unit: 'ms' },
      { name: 'memory of the API', value: api.mebibytes, unit: 'MiB' },
      { name: 'memory of the worker', value: worker.mebibytes, unit: 'MiB' },
    ];
  },
};

/** A stack of one role alone, so that its figures are taken when it has just become ready. */
async function readyOne(bench: Bench, role: 'api' | 'worker') {
  const stack = await bench.openStack({ roles: [role] });
  try {
    return usageOf(stack[role]);
  } finally {
    await stack.stop();
  }
}

function usageOf(program: Program | undefined) {
  if (program === undefined) throw new Error('it was not started');
  const { pid, readyMs } = program;
  return { readyMs, cpuMs: 1000 * cpuSecondsOf(pid), mebibytes: memoryOf(pid).peak };
}
