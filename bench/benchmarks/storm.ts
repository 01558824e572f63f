import type { Bench, Benchmark } from '../benchmark.ts';
import { captureDeliveries } from '../capture-deliveries.ts';
import { runFloor } from '../floor.ts';
import { postDeliveries } from '../post-deliveries.ts';
import { memoryOf } from '../process-usage.ts';
import { temporalActions } from '../temporal-actions.ts';
import { areImported, until } from '../until.ts';

const SIZES = { full: { repositories: 100, deliveries: 3000 }, small: { repositories: 3, deliveries: 12 } };

export const storm: Benchmark = {
  name: 'storm',
  about:
    '3,000 deliveries of 100 repositories at once until all rows are right, over one upsert for each in one process',
  run: measure,
};

async function measure(bench: Bench) {
  const { repositories, deliveries } = SIZES[bench.size];
  const stack = await bench.openStack({ latencyMs: 50 });
  try {
    const { github, pool } = stack;
    const ids = await github.organisation('acme', repositories, 1);
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, repositories));
    const captured = await captureDeliveries(stack, async () => {
      for (let at = 0; at < deliveries; at += 1)
        await github.act('open-issue', { repo: ids[at % ids.length], title: `Number ${at}`, labels: [] });
    });
    const bodies = captured.map(({ body }) => body);
    const floor = [await runFloor('apply', { databaseUrl: stack.databaseUrl, bodies })];
    await github.act('reset-stats');
    await stack.resetProfile();
    const since = new Date();
    const before = stack.cpu();
    const begun = performance.now();
    const accepted = postDeliveries(`${stack.apiUrl}/api/github/webhook/`, captured, { width: 32 });
    const took = await until('all rows to be right', begun, async () => {
      const { rows } = await pool.query<{ right: boolean }>(
        `select (select count(*) from issues where deleted_at is null) = $1
           and not exists (select 1 from webhook_deliveries where status = 'pending') as right`,
        [deliveries],
      );
      return rows[0]?.right === true;
    });
    const cpu = stack.cpu();
    const { ms } = await accepted;
    floor.push(await runFloor('apply', { databaseUrl: stack.databaseUrl, bodies }));
    const asked = await github.asked();
    const actions = await temporalActions(stack.temporal, since);
    const all = Object.values(actions).reduce((sum, n) => sum + n, 0);
    const perThousand = (n: number): number => (1000 * n) / deliveries;
    return [
      { name: 'all rows right', value: took, unit: 'ms', floor, target: '≤ 2 × floor' },
      { name: 'of that, until all were accepted', value: ms, unit: 'ms' },
      {
        name: 'Temporal actions per 1,000 deliveries',
        value: perThousand(all),
        unit: '',
        target: '≤ 80',
      },
      ...Object.entries(actions).map(([name, n]) => ({
        name: `of them ${name}`,
        value: perThousand(n),
        unit: '',
      })),
      { name: 'requests to GitHub', value: asked.requests, unit: '' },
      { name: 'processor time of the API', value: 1000 * (cpu.api - before.api), unit: 'ms' },
      { name: 'processor time of the worker', value: 1000 * (cpu.worker - before.worker), unit: 'ms' },
      { name: 'processor time of PostgreSQL', value: 1000 * (cpu.postgres - before.postgres), unit: 'ms' },
      { name: 'processor time of Temporal', value: 1000 * (cpu.temporal - before.temporal), unit: 'ms' },
      {
        name: 'peak memory of the API',
        value: stack.api === undefined ? 0 : memoryOf(stack.api.pid).peak,
        unit: 'MiB',
        target: '≤ 250 MiB',
      },
    ];
  } finally {
    await stack.stop();
  }
}
