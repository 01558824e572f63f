import { postToBareHandler } from '../bare-handler.ts';
import type { Bench, Benchmark } from '../benchmark.ts';
import { postDeliveries, type Delivery } from '../post-deliveries.ts';
import { median } from '../results.ts';
import { idleDelivery } from '../signed-delivery.ts';

const SIZES = { full: 6000, small: 20 };
const WIDTH = 32;

export const receive: Benchmark = {
  name: 'receive',
  about: 'deliveries made durable, over a bare Fastify handler with signature check and one insert',
  run: measure,
};

async function measure(bench: Bench) {
  const count = SIZES[bench.size];
  const stack = await bench.openStack({ roles: ['api'] });
  try {
    const url = `${stack.apiUrl}/api/github/webhook/`;
    const secret = stack.github.webhookSecret;
    await postDeliveries(url, deliveries(secret, count / 4), { width: WIDTH });
    const bare = (): Promise<number> =>
      postToBareHandler(stack, deliveries(secret, count / 4), deliveries(secret, count), WIDTH);
    const before = await bare();
    const { ms } = await postDeliveries(url, deliveries(secret, count), { width: WIDTH });
    const after = await bare();
    const { each } = await postDeliveries(url, deliveries(secret, count / 2), {
      width: WIDTH,
      perSecond: (500 * count) / ms,
    });
    const sorted = each.toSorted((a, b) => a - b);
    return [
      {
        name: 'time for each',
        value: ms / count,
        unit: 'ms',
        floor: [before / count, after / count],
        target: '≤ 1.11 × floor',
      },
      { name: 'deliveries per second', value: (1000 * count) / ms, unit: '' },
      { name: 'p50 at half that load', value: median(sorted), unit: 'ms' },
      {
        name: 'p99 at half that load',
        value: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
        unit: 'ms',
        target: '≤ 50 ms',
      },
    ];
  } finally {
    await stack.stop();
  }
}

/** 4 kB each, about what an issue has. */
function deliveries(secret: string, count: number): Delivery[] {
  return Array.from({ length: count }, () => idleDelivery(secret, 4000));
}
