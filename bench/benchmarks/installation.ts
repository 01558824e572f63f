import type { Bench, Benchmark } from '../benchmark.ts';
import { runFloor } from '../floor.ts';
import { longestHistory } from '../longest-history.ts';
import { areImported, until } from '../until.ts';

const SIZES = {
  full: { repositories: 200, commits: 100, issues: 70, pulls: 30 },
  small: { repositories: 3, commits: 5, issues: 2, pulls: 1 },
};

/** An installation of many small repositories, 200 rows each, 20 ms per answer of GitHub. */
export const installation: Benchmark = {
  name: 'installation',
  about: 'an installation of 200 repositories of 200 rows, 20 ms per answer, over pages fetched 8 at a time',
  run: measure,
};

async function measure(bench: Bench) {
  const { repositories, commits, issues, pulls } = SIZES[bench.size];
  const stack = await bench.openStack({ latencyMs: 20 });
  try {
    const { github, pool } = stack;
    const ids = await github.organisation('acme', repositories, commits);
    for (const id of ids) {
      await github.act('grow-issues', { repo: id, count: issues });
      await github.act('grow-pulls', { repo: id, count: pulls });
    }
    await github.act('reset-stats');
    const since = new Date();
    const before = stack.cpu();
    const begun = performance.now();
    const id = await github.install('acme');
    const listed = await until('every repository to be listed', begun, async () => {
      const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from repositories');
      return rows[0]?.n === repositories;
    });
    const took = await until('the import', begun, () => areImported(stack, repositories));
    const cpu = stack.cpu();
    const { requests, points } = await github.asked();
    const lists = ids.flatMap((repository) =>
      ['commits?', 'issues?state=all&', 'pulls?state=all&', 'branches?'].map((list) => ({
        path: `/repositories/${repository}/${list}per_page=100`,
        kind: list,
        pages: 1,
      })),
    );
    const input = {
      url: github.url,
      token: await github.tokenFor(id),
      databaseUrl: stack.databaseUrl,
      width: 8,
      lists,
    };
    const floor = [await runFloor('import', input), await runFloor('import', input)];
    const history = await longestHistory(stack.temporal, since);
    return [
      { name: 'webhook to all rows', value: took, unit: 'ms', floor, target: '≤ 1.43 × floor' },
      { name: 'every repository listed', value: listed, unit: 'ms', target: '≤ 3000 ms (of 1,000)' },
      { name: 'requests per repository', value: requests / repositories, unit: '' },
      { name: 'charged per repository: requests and points', value: points / repositories, unit: '' },
      {
        name: 'processor time of the worker per repository',
        value: (1000 * (cpu.worker - before.worker)) / repositories,
        unit: 'ms',
      },
      {
        name: 'processor time of PostgreSQL per repository',
        value: (1000 * (cpu.postgres - before.postgres)) / repositories,
        unit: 'ms',
      },
      { name: 'longest history of a run', value: history.events, unit: '', target: '≤ 1,000 events' },
      { name: 'the largest, in bytes', value: history.bytes, unit: '', target: '≤ 1,000,000' },
    ];
  } finally {
    await stack.stop();
  }
}
