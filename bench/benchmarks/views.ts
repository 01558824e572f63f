import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { percentile } from '../results.ts';
import type { Stack } from '../stack.ts';
import { ALL_KINDS, fillNewest, ROWS } from './full-mirror.ts';

const ASKED = { full: 20, small: 2 };

/** As people ask by SQL: of the whole view, and of a part of it. */
const questions: readonly { name: string; statement: string }[] = [
  { name: 'repository_metrics', statement: 'select * from repository_metrics' },
  {
    name: 'repository_metrics of one',
    statement: 'select * from repository_metrics where repository_id = 77',
  },
  {
    name: 'repository_metrics of an installation',
    statement: `select m.* from repositories r join repository_metrics m on m.repository_id = r.id
      where r.installation_id = 1`,
  },
  {
    name: 'repository_metrics, the figures of reviews',
    statement: `select repository_id, median_hours_to_first_review_90d, merged_without_review_90d, open_review_requests,
      unresolved_threads from repository_metrics`,
  },
  { name: 'pull_request_metrics', statement: 'select * from pull_request_metrics' },
  {
    name: 'pull_request_metrics of a repository',
    statement: 'select * from pull_request_metrics where repository_id = 77',
  },
  {
    name: 'pull_request_metrics of an author',
    statement: `select m.* from pull_requests p join pull_request_metrics m on m.pull_request_id = p.id
      where p.author_id = 77`,
  },
  {
    name: 'pull_request_metrics of the newest 100 of a repository',
    statement: `select m.* from pull_requests p join pull_request_metrics m on m.pull_request_id = p.id
      where p.repository_id = 77 order by p.created_at desc limit 100`,
  },
  {
    name: 'pull_request_metrics of the newest 100 of all',
    statement: `select m.* from pull_requests p join pull_request_metrics m on m.pull_request_id = p.id
      order by p.created_at desc limit 100`,
  },
  {
    name: 'pull_request_metrics, median by month',
    statement: `select date_trunc('month', p.created_at), percentile_cont(0.5) within group (order by m.hours_to_first_review)
      from pull_requests p join pull_request_metrics m on m.pull_request_id = p.id
      join repositories r on r.id = p.repository_id where r.installation_id = 1 group by 1`,
  },
  { name: 'review_load', statement: 'select * from review_load' },
  {
    name: 'review_load of an installation',
    statement: 'select * from review_load where installation_id = 1',
  },
  { name: 'review_load of a person', statement: 'select * from review_load where contributor_id = 77' },
  { name: 'team_health', statement: 'select * from team_health' },
  {
    name: 'team_health of an installation',
    statement: 'select * from team_health where installation_id = 1',
  },
];

export const views: Benchmark = {
  name: 'views',
  about: `the views, as a whole and in part, at 10,000 repositories: ${ROWS}`,
  run: (bench) =>
    measure(bench, { repositories: { full: 10_000, small: 100 }[bench.size], installations: 2 }),
};

export const viewsLarge: Benchmark = {
  name: 'views-large',
  about: 'the same rows in 101 large repositories',
  run: (bench) => measure(bench, { repositories: 101, installations: 1 }),
};

/** The floor of each question: the rows that it returns, read by the same client from a table that holds no others. */
async function measure(
  bench: Bench,
  size: { repositories: number; installations: number },
): Promise<Figure[]> {
  const stack = await bench.openStack({ roles: [], schema: ALL_KINDS });
  try {
    const { pool, databaseUrl } = stack;
    await fillNewest(pool, databaseUrl, { scale: { full: 1, small: 0.001 }[bench.size], ...size });
    const figures: Figure[] = [];
    for (const { name, statement } of questions) {
      await pool.query(`create table floor as ${statement}`);
      const before = await ask(stack, 'select * from floor', ASKED[bench.size]);
      const own = await ask(stack, statement, ASKED[bench.size]);
      const after = await ask(stack, 'select * from floor', ASKED[bench.size]);
      await pool.query('drop table floor');
      figures.push(
        {
          name: `${name}, p95`,
          value: own.p95Ms,
          unit: 'ms',
          floor: [before.p95Ms, after.p95Ms],
          target: '≤ 200 ms',
        },
        {
          name: `${name}, processor time of PostgreSQL`,
          value: own.cpuMs,
          unit: 'ms',
          floor: [before.cpuMs, after.cpuMs],
        },
      );
    }
    return figures;
  } finally {
    await stack.stop();
  }
}

/** @returns how long the statement takes this client, and the processor time that it takes PostgreSQL on average */
async function ask(
  { pool, cpu }: Stack,
  statement: string,
  times: number,
): Promise<{ p95Ms: number; cpuMs: number }> {
  await pool.query(statement);
  const cpuBefore = cpu().postgres;
  const tookMs: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const begun = performance.now();
    await pool.query(statement);
    tookMs.push(performance.now() - begun);
  }
  return { p95Ms: percentile(tookMs, 0.95), cpuMs: (1000 * (cpu().postgres - cpuBefore)) / times };
}
