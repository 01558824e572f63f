import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { longestHistory } from '../longest-history.ts';
import { runCommand } from '../run-command.ts';
import { sweepOnce } from '../sweep-once.ts';
import { areImported, isQuiet, until } from '../until.ts';

const SIZES = { full: { repositories: 10_000, changed: 100 }, small: { repositories: 5, changed: 2 } };
const LIMIT_MS = 7_200_000;

/** How long the histories of workflows become at an installation of many repositories. */
export const histories: Benchmark = {
  name: 'histories',
  about:
    'the longest history of a run while 10,000 repositories are imported, swept and verified; takes half an hour',
  run: measure,
};

async function measure(bench: Bench): Promise<Figure[]> {
  const { repositories, changed } = SIZES[bench.size];
  const stack = await bench.openStack({ env: { SYNC_FRESH_FOR: '0s', SYNC_INTERVAL: '12h' } });
  try {
    const { github } = stack;
    const ids = await github.aDayAgo(() => github.organisation('acme', repositories, 1));
    const figures: Figure[] = [];
    const during = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      const since = new Date();
      await work();
      const { events, bytes } = await longestHistory(stack.temporal, since);
      const { points } = await github.asked();
      bench.print(`${what}: ${events} events, ${bytes} bytes; ${points} requests and points`);
      figures.push(
        { name: `${what}: events`, value: events, unit: '', target: '≤ 1,000' },
        { name: `${what}: bytes`, value: bytes, unit: '', target: '≤ 1,000,000' },
      );
    };
    await during('import', async () => {
      const installationId = await github.install('acme');
      // Seven times what an hour has: the hour would be what is measured.
      for (const resource of ['core', 'graphql'])
        await github.act('set-rate-limit', { installationId, resource, limit: 1_000_000 });
      await until('the import', performance.now(), () => areImported(stack, repositories), LIMIT_MS);
      await until('what else there is', performance.now(), () => isQuiet(stack), LIMIT_MS);
    });
    await during('sweep of which none changed', async () => {
      await sweepOnce(stack); // what had only just changed is read again
      const { asked } = await sweepOnce(stack);
      figures.push({ name: 'none changed: requests and points', value: asked, unit: '', target: '≤ 320' });
    });
    await during(`sweep of which ${changed} changed`, async () => {
      for (const id of ids.slice(0, changed)) await github.act('grow-issues', { repo: id, count: 1 });
      const { asked } = await sweepOnce(stack);
      figures.push({
        name: `${changed} changed: requests and points`,
        value: asked,
        unit: '',
        target: `≤ ${320 + 2 * changed}`,
      });
    });
    await during('verification', async () => {
      const { code, output } = await runCommand('verify', stack);
      if (code !== 0) throw new Error(`the verification failed: ${output.slice(-1000)}`);
    });
    return figures;
  } finally {
    await stack.stop();
  }
}
