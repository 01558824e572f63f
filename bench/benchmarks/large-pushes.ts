import { z } from 'zod';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { captureDeliveries } from '../capture-deliveries.ts';
import { postDeliveries, type Delivery } from '../post-deliveries.ts';
import { memoryOf } from '../process-usage.ts';
import { signedDelivery } from '../signed-delivery.ts';
import type { Stack } from '../stack.ts';
import { areImported, isQuiet, until } from '../until.ts';

const SIZES = {
  full: { pushes: 120, bytes: 4_000_000, spread: 30 },
  small: { pushes: 8, bytes: 100_000, spread: 4 },
};
const HEAP_MB = 512;
const GIVES_UP_AFTER = 3;

/** A push lists the files of its commits, up to 25 MB: what waits may be more than a worker's memory. */
export const largePushes: Benchmark = {
  name: 'large-pushes',
  about: `120 pushes of 4 MB wait for a worker with a heap of ${HEAP_MB} MB, of one repository and of 30; about a minute`,
  run: measure,
};

async function measure(bench: Bench): Promise<Figure[]> {
  const { spread } = SIZES[bench.size];
  return [
    ...(await apply(bench, 1)).map((figure) => ({ ...figure, name: `of one repository: ${figure.name}` })),
    ...(await apply(bench, spread)).map((figure) => ({ ...figure, name: `of ${spread}: ${figure.name}` })),
  ];
}

async function apply(bench: Bench, repositories: number): Promise<Figure[]> {
  const { pushes, bytes } = SIZES[bench.size];
  const stack = await bench.openStack();
  try {
    const { apiUrl, github, pool, worker } = stack;
    const ids = await github.organisation('acme', repositories, 3);
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, repositories));
    await until('what else there is', performance.now(), () => isQuiet(stack));
    await worker?.stop();
    const captured = await captureDeliveries(stack, async () => {
      for (let at = 0; at < pushes; at += 1)
        await github.act('push', { repo: ids[at % ids.length] ?? 0, commits: [{ message: `Number ${at}` }] });
    });
    const large = captured.map((push) => enlarge(push, bytes, github.webhookSecret));
    await postDeliveries(`${apiUrl}/api/github/webhook/`, large, { width: 4 });
    const { ms, deaths, peak } = await applyAll(stack);
    const { rows } = await pool.query<{ n: number }>(
      'select count(*)::int as n from commits where orphaned_at is null',
    );
    return [
      { name: 'how often the worker died', value: deaths, unit: '', target: '0' },
      { name: 'until all were applied', value: ms, unit: 'ms' },
      { name: 'peak memory of the worker', value: peak, unit: 'MiB' },
      {
        name: 'commits missing',
        value: pushes + 3 * repositories - (rows[0]?.n ?? 0),
        unit: '',
        target: '0',
      },
    ];
  } finally {
    await stack.stop();
  }
}

/** Starts a worker, again whenever it dies, until no delivery is pending; returns what that took. */
async function applyAll({ pool, startWorker }: Stack) {
  const start = () => startWorker({ NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` });
  let worker = await start();
  let [deaths, peak] = [0, 0];
  const ms = await until('all pushes to be applied', performance.now(), async () => {
    if (!worker.isRunning()) {
      deaths += 1;
      if (deaths === GIVES_UP_AFTER) throw new Error(`the worker died ${deaths} times`);
      worker = await start();
    }
    peak = Math.max(peak, memoryOf(worker.pid).peak);
    const { rowCount } = await pool.query("select from webhook_deliveries where status = 'pending' limit 1");
    return rowCount === 0;
  });
  return { ms, deaths, peak };
}

const push = z.looseObject({
  commits: z.tuple([z.looseObject({ added: z.array(z.string()) })]),
});

/** The same push with many more files in its commit. */
function enlarge({ headers, body }: Delivery, bytes: number, secret: string): Delivery {
  const payload = push.parse(JSON.parse(body));
  const [commit] = payload.commits;
  commit.added = Array.from({ length: Math.ceil(bytes / (pathOf(100_000).length + 3)) }, (_one, at) =>
    pathOf(at),
  );
  return signedDelivery(secret, headers['x-github-event'] ?? '', payload);
}

function pathOf(at: number): string {
  return `packages/of-the-product/src/generated/${'x'.repeat(40)}/file-${at}.ts`;
}
