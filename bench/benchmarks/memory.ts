import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { memoryOf } from '../process-usage.ts';
import { areImported, until } from '../until.ts';

const SMALL = { commits: 200, issues: 50 };

export const memory: Benchmark = {
  name: 'memory',
  about: 'memory of the worker while it imports one repository of 200,000 rows',
  run: (bench) => measure(bench, { commits: 100_000, issues: 100_000 }),
};

export const memoryMillion: Benchmark = {
  name: 'memory-million',
  about: 'the same of 1,000,000 rows; takes minutes',
  run: (bench) => measure(bench, { commits: 500_000, issues: 500_000 }),
};

async function measure(bench: Bench, full: typeof SMALL): Promise<Figure[]> {
  const { commits, issues } = bench.size === 'full' ? full : SMALL;
  const stack = await bench.openStack();
  try {
    const { github, worker } = stack;
    if (worker === undefined) throw new Error('it needs a worker');
    const [id = 0] = await github.organisation('acme', 1, commits);
    await github.act('grow-issues', { repo: id, count: issues });
    const idle = memoryOf(worker.pid).now;
    const before = stack.cpu();
    const begun = performance.now();
    const installationId = await github.install('acme');
    // More requests than an hour has.
    await github.act('set-rate-limit', { installationId, limit: 1_000_000 });
    const took = await until('the import', begun, () => areImported(stack, 1));
    const cpu = stack.cpu();
    return [
      { name: 'peak', value: memoryOf(worker.pid).peak, unit: 'MiB', target: '≤ 350 MiB' },
      { name: 'before', value: idle, unit: 'MiB' },
      { name: 'at the end', value: memoryOf(worker.pid).now, unit: 'MiB' },
      { name: 'processor time of the worker', value: 1000 * (cpu.worker - before.worker), unit: 'ms' },
      { name: 'rows per second', value: (1000 * (commits + issues)) / took, unit: '' },
    ];
  } finally {
    await stack.stop();
  }
}
