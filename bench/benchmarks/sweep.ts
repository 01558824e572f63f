import type { Bench, Benchmark } from '../benchmark.ts';
import { sweepOnce } from '../sweep-once.ts';
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
    const ids = await github.aDayAgo(() => github.organisation('acme', repositories, 1));
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, repositories));
    await sweepOnce(stack); // what had only just changed is read again
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
