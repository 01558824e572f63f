import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { memoryOf } from '../process-usage.ts';
import { areImported, until } from '../until.ts';

const SMALL = { commits: 200, issues: 50 };

export const memory: Benchmark = {
  name: 'memory',
  about: 'memory of the worker while it imports one repository of 200,000 rows',
  run: (bench) => measure(bench, { commits: 100_000, issues: 100_000 }),
};

export const memoryMillion: Benchmark = {
  name: 'memory-million',
  about: 'the same of 1,000,000 rows; takes minutes',
  run: (bench) => measure(bench, { commits: 500_000, issues: 500_000 }),
};

export const memoryComments: Benchmark = {
  name: 'memory-comments',
  about: 'the same with 31,000 comments on one issue and 3,000 on lines of one pull request',
  run: (bench) => measureComments(bench, bench.size === 'full' ? COMMENTS : { comments: 120, lines: 30 }),
};

/** More than GitHub lists of one issue, which is 30,000. */
const COMMENTS = { comments: 31_000, lines: 3000 };

async function measureComments(bench: Bench, { comments, lines }: typeof COMMENTS): Promise<Figure[]> {
  const stack = await bench.openStack();
  try {
    const { github, worker, pool } = stack;
    if (worker === undefined) throw new Error('it needs a worker');
    const [repo = 0] = await github.organisation('acme', 1, 3);
    await github.act('open-issue', { repo, title: 'talk' });
    await github.act('open-pull', { repo, head: 'talk', title: 'talk' });
    await github.act('grow-comments', { repo, number: 1, count: comments });
    await github.act('grow-comments', { repo, number: 2, count: lines, lines: true });
    const idle = memoryOf(worker.pid).now;
    const before = stack.cpu();
    const begun = performance.now();
    const installationId = await github.install('acme');
    await github.act('set-rate-limit', { installationId, limit: 1_000_000 });
    await github.act('reset-stats');
    const took = await until('the comments', begun, async () => {
      const { rows } = await pool.query<{ n: number }>(`select
        (select count(*) from issue_comments) + (select count(*) from pull_request_review_comments)
        + (select count(*) from pull_request_reviews) as n`);
      return Number(rows[0]?.n) === comments + 2 * lines;
    });
    const [cpu, { requests }] = [stack.cpu(), await github.asked()];
    return [
      { name: 'peak', value: memoryOf(worker.pid).peak, unit: 'MiB', target: '≤ 350 MiB' },
      { name: 'before', value: idle, unit: 'MiB' },
      { name: 'until all are in the rows', value: took, unit: 'ms' },
      { name: 'requests and questions', value: requests, unit: '' },
      { name: 'processor time of the worker', value: 1000 * (cpu.worker - before.worker), unit: 'ms' },
      { name: 'of PostgreSQL', value: 1000 * (cpu.postgres - before.postgres), unit: 'ms' },
    ];
  } finally {
    await stack.stop();
  }
}

async function measure(bench: Bench, full: typeof SMALL): Promise<Figure[]> {
  const { commits, issues } = bench.size === 'full' ? full : SMALL;
  const stack = await bench.openStack();
  try {
    const { github, worker } = stack;
    if (worker === undefined) throw new Error('it needs a worker');
    const [id = 0] = await github.organisation('acme', 1, commits);
    await github.act('grow-issues', { repo: id, count: issues });
    const idle = memoryOf(worker.pid).now;
    const before = stack.cpu();
    const begun = performance.now();
    const installationId = await github.install('acme');
    // More requests than an hour has.
    await github.act('set-rate-limit', { installationId, limit: 1_000_000 });
    const took = await until('the import', begun, () => areImported(stack, 1));
    const cpu = stack.cpu();
    return [
      { name: 'peak', value: memoryOf(worker.pid).peak, unit: 'MiB', target: '≤ 350 MiB' },
      { name: 'before', value: idle, unit: 'MiB' },
      { name: 'at the end', value: memoryOf(worker.pid).now, unit: 'MiB' },
      { name: 'processor time of the worker', value: 1000 * (cpu.worker - before.worker), unit: 'ms' },
      { name: 'rows per second', value: (1000 * (commits + issues)) / took, unit: '' },
    ];
  } finally {
    await stack.stop();
  }
}
