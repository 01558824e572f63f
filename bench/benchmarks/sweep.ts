import { z } from 'zod';
import type { Bench, Benchmark } from '../benchmark.ts';
import type { Stack } from '../stack.ts';
import { areImported, until } from '../until.ts';

const SIZES = { full: { repositories: 1000, changed: 10 }, small: { repositories: 5, changed: 2 } };

export const sweep: Benchmark = {
  name: 'sweep',
  about: 'a sweep of 1,000 repositories of which none changed, and one of which 10 did, unannounced',
  elsewhere: '4 requests for each repository',
  run: measure,
};

async function measure(bench: Bench) {
  const { repositories, changed } = SIZES[bench.size];
  const stack = await bench.openStack({ env: { SYNC_FRESH_FOR: '0s', SYNC_INTERVAL: '30m' } });
  try {
    const { github } = stack;
    const ids = await github.organisation('acme', repositories, 1);
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, repositories));
    await sweepOnce(stack); // what was seen too young is seen again
    const unchanged = await sweepOnce(stack);
    for (const id of ids.slice(0, changed)) await github.act('grow-issues', { repo: id, count: 1 });
    const some = await sweepOnce(stack);
    return [
      { name: 'unchanged: requests and points', value: unchanged.asked, unit: '', target: '≤ 32' },
      { name: 'unchanged', value: unchanged.ms, unit: 'ms' },
      { name: '10 changed: requests and points', value: some.asked, unit: '', target: '≤ 50' },
      { name: '10 changed', value: some.ms, unit: 'ms' },
    ];
  } finally {
    await stack.stop();
  }
}

async function sweepOnce({ apiUrl, github }: Stack): Promise<{ asked: number; ms: number }> {
  await github.act('reset-stats');
  const begun = performance.now();
  const answer = await fetch(`${apiUrl}/api/sync/periodic/`, { method: 'POST' });
  const { run_id } = z.object({ run_id: z.string() }).parse(await answer.json());
  const jobs = z.object({ jobs: z.array(z.object({ run_id: z.string(), status: z.string() })) });
  const ms = await until('the sweep', begun, async () => {
    const list = await fetch(`${apiUrl}/api/sync/jobs/?job_type=periodic_sweep&limit=5`);
    const found = jobs.parse(await list.json()).jobs.find((job) => job.run_id === run_id);
    return found !== undefined && found.status !== 'running';
  });
  const { requests, points } = await github.asked();
  return { asked: requests + points, ms };
}
