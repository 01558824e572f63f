import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { runFloor } from '../floor.ts';
import type { Stack } from '../stack.ts';
import { areImported, until } from '../until.ts';

const SIZES = {
  full: { commits: 5000, issues: 2000, pulls: 1000 },
  small: { commits: 120, issues: 30, pulls: 10 },
};
const ELSEWHERE = 'dlt 9.7 s, tap-github 12.3 s, DevLake 26.6 s, github-to-sqlite 44 s, Airbyte 48 s';

export const importBenchmark: Benchmark = {
  name: 'import',
  about: 'first import of one repository, 50 ms per answer of GitHub, over pages fetched 8 at a time',
  elsewhere: ELSEWHERE,
  run: (bench) => measure(bench, { byPageNumber: true, target: '≤ 1.4 × floor, ≤ 1500 ms' }),
};

export const importCursors: Benchmark = {
  name: 'import-cursors',
  about: 'the same over a program that follows the cursors of issues, as GitHub shows them since 2025',
  elsewhere: ELSEWHERE,
  run: (bench) => measure(bench, { byPageNumber: false, target: '≤ 1800 ms' }),
};

async function measure(
  bench: Bench,
  { byPageNumber, target }: { byPageNumber: boolean; target: string },
): Promise<Figure[]> {
  const { commits, issues, pulls } = SIZES[bench.size];
  const stack = await bench.openStack({ latencyMs: 50 });
  try {
    const { github } = stack;
    const [id = 0] = await github.organisation('acme', 1, commits);
    await github.act('grow-issues', { repo: id, count: issues });
    await github.act('grow-pulls', { repo: id, count: pulls });
    await github.act('reset-stats');
    const before = stack.cpu();
    const begun = performance.now();
    const installation = await github.install('acme');
    const took = await until('the import', begun, () => areImported(stack, 1));
    const cpu = stack.cpu();
    const { requests, points } = await github.asked();

    const repository = `/repositories/${id}`;
    // More than were asked for: some are merges.
    const history = await countRows(stack, 'commits');
    const branches = await countRows(stack, 'branches');
    const lists = [
      { path: `${repository}/commits?per_page=100`, kind: 'commits', pages: pagesOf(history) },
      {
        path: `${repository}/issues?state=all&sort=created&direction=asc&per_page=100`,
        kind: 'issues',
        pages: byPageNumber ? pagesOf(issues + pulls) : null,
      },
      { path: `${repository}/pulls?state=all&per_page=100`, kind: 'pulls', pages: pagesOf(pulls) },
      ...['branches?', 'issues/comments?', 'labels?', 'milestones?', 'releases?', 'tags?'].map((list) => ({
        path: `${repository}/${list}per_page=100`,
        kind: list,
        pages: null,
      })),
    ];
    const input = {
      url: github.url,
      token: await github.tokenFor(installation),
      databaseUrl: stack.databaseUrl,
      width: 8,
      lists,
    };
    // The first run of a program warms GitHub's own lists up, which the import has done before.
    const floor = [await runFloor('import', input), await runFloor('import', input)];
    return [
      { name: 'webhook to all rows', value: took, unit: 'ms', floor, target },
      // 5,000 commits are 6,000 with their merges, and every pull request has a branch: pages of them all, and nothing else.
      {
        name: 'requests',
        value: requests,
        unit: '',
        floor: [pagesOf(history) + pagesOf(issues + pulls) + pagesOf(pulls) + pagesOf(branches)],
        target: '≤ 1.06 × floor (without further kinds)',
      },
      { name: 'charged: requests and points', value: points, unit: '' },
      { name: 'processor time of the worker', value: 1000 * (cpu.worker - before.worker), unit: 'ms' },
      { name: 'processor time of PostgreSQL', value: 1000 * (cpu.postgres - before.postgres), unit: 'ms' },
    ];
  } finally {
    await stack.stop();
  }
}

async function countRows({ pool }: Stack, table: 'branches' | 'commits'): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return rows[0]?.n ?? 0;
}

function pagesOf(rows: number): number {
  return Math.ceil(rows / 100);
}
