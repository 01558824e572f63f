import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { areImported, isQuiet, until } from '../until.ts';

const SIZES = {
  full: { workers: [1, 2, 4], installations: 4, repositories: 50, commits: 100, issues: 70 },
  small: { workers: [2], installations: 2, repositories: 2, commits: 3, issues: 2 },
};

/** Whether several workers on one database and one namespace share the work, and do none of it twice. */
export const workers: Benchmark = {
  name: 'workers',
  about: 'four installations of 50 repositories imported by one, two and four workers: share, requests, rows',
  run: async (bench: Bench) => {
    const figures: Figure[] = [];
    for (const count of SIZES[bench.size].workers) figures.push(...(await measure(bench, count)));
    return figures;
  },
};

async function measure(bench: Bench, count: number): Promise<Figure[]> {
  const { installations, repositories, commits, issues } = SIZES[bench.size];
  const stack = await bench.openStack({ latencyMs: 20, workers: count });
  try {
    const { github, pool } = stack;
    const names = Array.from({ length: installations }, (_one, at) => `acme-${at}`);
    for (const name of names) {
      for (const repo of await github.organisation(name, repositories, commits))
        await github.act('grow-issues', { repo, count: issues });
    }
    await github.act('reset-stats');
    const before = stack.cpuOfWorkers();
    const begun = performance.now();
    for (const name of names) await github.install(name);
    const all = installations * repositories;
    const took = await until('the import', begun, () => areImported(stack, all));
    const spent = stack.cpuOfWorkers().map((seconds, at) => seconds - (before[at] ?? 0));
    const sum = spent.reduce((total, seconds) => total + seconds, 0);
    // Further kinds are read meanwhile: by the end of the import as many of them as the workers came to.
    await until('the import of what else there is', performance.now(), () => isQuiet(stack));
    const { requests } = await github.asked();
    const { rows } = await pool.query<{ lost: number }>(
      `select $1 - (select count(*) from issues)::int as lost`,
      [all * issues],
    );
    const by = `${count} workers:`;
    return [
      { name: `${by} webhooks to all rows`, value: took, unit: 'ms' },
      { name: `${by} processor time of all`, value: 1000 * sum, unit: 'ms' },
      { name: `${by} largest share of one`, value: Math.max(...spent) / sum, unit: '' },
      { name: `${by} requests to GitHub`, value: requests, unit: '', target: 'as with one' },
      { name: `${by} issues lost`, value: rows[0]?.lost ?? 0, unit: '', target: '0' },
    ];
  } finally {
    await stack.stop();
  }
}
