import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Benchmark } from '../benchmark.ts';
import { areImported, until } from '../until.ts';
import type { Stack } from '../stack.ts';

const SIZES = { full: 60, small: 2 };
/** Longer than a round continues after its row is written: each delivery is measured by itself. */
const IDLE_MS = 700;

export const latency: Benchmark = {
  name: 'latency',
  about: 'from a change at GitHub to the row, nothing else going on, 50 ms per answer of GitHub',
  run: measure,
};

async function measure(bench: Bench) {
  const stack = await bench.openStack({ latencyMs: 50 });
  try {
    const { github } = stack;
    const [id = 0] = await github.organisation('acme', 1, 3);
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, 1));
    const payload: number[] = [];
    const question: number[] = [];
    for (let at = 0; at < SIZES[bench.size]; at += 1) {
      await sleep(IDLE_MS);
      const title = `Number ${at}`;
      const opened = performance.now();
      await github.act('open-issue', { repo: id, title });
      payload.push(await appears(stack, opened, 'select 1 from issues where title = $1', title));
      await sleep(IDLE_MS);
      const message = `Commit ${at}`;
      const pushed = performance.now();
      await github.act('push', { repo: id, commits: [{ message }] });
      const live = 'select 1 from commits where orphaned_at is null and message = $1';
      question.push(await appears(stack, pushed, live, message));
    }
    return [
      { name: 'an issue, p50', value: quantile(payload, 0.5), unit: 'ms', target: '≤ 40 ms' },
      { name: 'an issue, p99', value: quantile(payload, 0.99), unit: 'ms', target: '≤ 100 ms' },
      { name: 'a push, p50', value: quantile(question, 0.5), unit: 'ms', target: '≤ 200 ms' },
      { name: 'a push, p99', value: quantile(question, 0.99), unit: 'ms', target: '≤ 200 ms' },
    ];
  } finally {
    await stack.stop();
  }
}

async function appears({ pool }: Stack, since: number, statement: string, value: string): Promise<number> {
  return until('the row', since, async () => (await pool.query(statement, [value])).rowCount === 1);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
