import { postToBareHandler } from '../bare-handler.ts';
import type { Bench, Benchmark } from '../benchmark.ts';
import { postDeliveries, type Delivery } from '../post-deliveries.ts';
import { percentile } from '../results.ts';
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
    const bare = (sent: number, perSecond?: number) =>
      postToBareHandler(stack, deliveries(secret, count / 4), deliveries(secret, sent), {
        width: WIDTH,
        ...(perSecond !== undefined && { perSecond }),
      });
    const bareBefore = await bare(count);
    const cpuBefore = stack.cpu();
    const { ms } = await postDeliveries(url, deliveries(secret, count), { width: WIDTH });
    const cpu = stack.cpu();
    const floors = [bareBefore, await bare(count)];
    // The handler gets as many a second as the product.
    const perSecond = (500 * count) / ms;
    const halfBefore = await bare(count / 2, perSecond);
    const half = await postDeliveries(url, deliveries(secret, count / 2), { width: WIDTH, perSecond });
    const halves = [halfBefore, await bare(count / 2, perSecond)];
    return [
      {
        name: 'time for each',
        value: ms / count,
        unit: 'ms',
        floor: floors.map((one) => one.ms / count),
        target: '≤ 1.11 × floor',
      },
      { name: 'deliveries per second', value: (1000 * count) / ms, unit: '' },
      {
        name: 'processor time of the API for each',
        value: (1000 * (cpu.api - cpuBefore.api)) / count,
        unit: 'ms',
        floor: floors.map(({ handler }) => handler / count),
      },
      {
        name: 'processor time of PostgreSQL for each',
        value: (1000 * (cpu.postgres - cpuBefore.postgres)) / count,
        unit: 'ms',
        floor: floors.map(({ postgres }) => postgres / count),
      },
      {
        name: 'p50 at half that load',
        value: percentile(half.each, 0.5),
        unit: 'ms',
        floor: halves.map(({ each }) => percentile(each, 0.5)),
      },
      {
        name: 'p99 at half that load',
        value: percentile(half.each, 0.99),
        unit: 'ms',
        floor: halves.map(({ each }) => percentile(each, 0.99)),
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
