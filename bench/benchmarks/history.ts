import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { runCommand } from '../run-command.ts';
import type { Stack } from '../stack.ts';
import { areImported, until } from '../until.ts';

/** A repository with a long history. */
export const history: Benchmark = {
  name: 'history',
  about: 'a repository of 150,000 commits: import, force push, verification over the import',
  run: (bench) => measure(bench, { full: 150_000, small: 300 }[bench.size]),
};

export const longHistory: Benchmark = {
  name: 'long-history',
  about: 'the same with 1,000,000 commits',
  run: (bench) => measure(bench, { full: 1_000_000, small: 500 }[bench.size]),
};

const pushed = z.object({ head: z.string() });

async function measure(bench: Bench, commits: number): Promise<Figure[]> {
  const stack = await bench.openStack({ env: { SYNC_INTERVAL: '12h' } });
  try {
    const { github } = stack;
    const [id = 0] = await github.organisation('acme', 1, commits);
    const begun = performance.now();
    const installationId = await github.install('acme');
    // ten thousand pages and as many again: an hour's budget would be what is measured
    await github.act('set-rate-limit', { installationId, limit: 100_000 });
    const imported = await until('the import', begun, () => areImported(stack, 1), 7_200_000);
    bench.print(`imported in ${Math.round(imported)} ms`);

    const away = await forcePush(stack, id, { back: 3, commits: 2 });
    const far = await forcePush(stack, id, { back: Math.min(5000, commits / 2), commits: 2 });
    await github.act('reset-stats');
    const begunVerification = performance.now();
    const { code, output } = await runCommand('verify', stack);
    const verified = performance.now() - begunVerification;
    if (code !== 0) throw new Error(`the verification failed: ${output.slice(-1000)}`);
    bench.print(output.trim().split('\n').slice(-20).join('\n'));
    const asked = await github.asked();
    const half = await forcePush(stack, id, { back: Math.floor(commits / 2), commits: 2 });
    return [
      { name: 'import', value: imported, unit: 'ms' },
      ...figures('3 commits dropped, 2 added', away),
      ...figures('5,000 commits dropped, 2 added', far),
      ...figures('half of all commits dropped, 2 added', half),
      { name: 'verification', value: verified, unit: 'ms', floor: [imported], target: '≤ 3 × import' },
      { name: 'verification: requests and points', value: asked.points, unit: '' },
    ];
  } finally {
    await stack.stop();
  }
}

interface Outcome {
  ms: number;
  postgresMs: number;
  asked: number;
  /** the longest that a statement which queues the repository waits for a lock */
  lockMs: number;
}

function figures(name: string, { ms, postgresMs, asked, lockMs }: Outcome): Figure[] {
  return [
    { name: `${name}: until right`, value: ms, unit: 'ms', target: '≤ 5000 ms' },
    { name: `${name}: longest wait for its lock`, value: lockMs, unit: 'ms', target: '≤ 1000 ms' },
    { name: `${name}: processor time of PostgreSQL`, value: postgresMs, unit: 'ms' },
    { name: `${name}: requests and points`, value: asked, unit: '' },
  ];
}

/** Delivers a force push; returns what it took until the history is that of the new head. */
async function forcePush(
  stack: Stack,
  repo: number,
  change: { back: number; commits: number },
): Promise<Outcome> {
  const { github, pool } = stack;
  const live = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>('select commits::int as n from repository_totals');
    return rows[0]?.n ?? 0;
  };
  const before = await live();
  await github.act('reset-stats');
  const { head } = pushed.parse(await github.act('force-push', { repo, ...change }));
  const cpu = stack.cpu();
  const begun = performance.now();
  let isOver = false;
  const waiting = longestWait(stack, () => isOver);
  const ms = await until('the force push', begun, async () => {
    const { rows } = await pool.query<{ head_sha: string }>('select head_sha from repositories');
    return rows[0]?.head_sha === head;
  });
  isOver = true;
  const lockMs = await waiting;
  const postgresMs = 1000 * (stack.cpu().postgres - cpu.postgres);
  if ((await live()) >= before) throw new Error('nothing was dropped');
  const { points } = await github.asked();
  return { ms, postgresMs, asked: points, lockMs };
}

/** Waits for the locks that queueing a repository takes: on its row of the queue and of the totals. */
async function longestWait({ pool }: Stack, isOver: () => boolean): Promise<number> {
  let longest = 0;
  while (!isOver()) {
    const begun = performance.now();
    await pool.query('update repository_sync set wanted_rounds = wanted_rounds');
    await pool.query('update repository_totals set issues = issues');
    longest = Math.max(longest, performance.now() - begun);
    await sleep(50);
  }
  return longest;
}
