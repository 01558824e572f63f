import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { runFloor } from '../floor.ts';
import { areImported, until } from '../until.ts';
import type { Stack } from '../stack.ts';

const SIZES = {
  full: { repositories: 1000, commits: 300, issues: 40 },
  small: { repositories: 3, commits: 5, issues: 2 },
};
const NEWEST = 100;
const LOOK_EVERY_MS = 250;

/** When the rows that people look at first are there: each repository, its newest hundred commits and its open issues. */
export const firstRows: Benchmark = {
  name: 'first-rows',
  about:
    'an installation of 1,000 repositories of 340 rows, 20 ms per answer: what is there when; takes minutes',
  run: measure,
};

async function measure(bench: Bench): Promise<Figure[]> {
  const { repositories, commits, issues } = SIZES[bench.size];
  const stack = await bench.openStack({ latencyMs: 20 });
  try {
    const { github, pool } = stack;
    const ids = await github.organisation('acme', repositories, commits);
    for (const id of ids) await github.act('grow-issues', { repo: id, count: issues });
    const begun = performance.now();
    const installationId = await github.install('acme');
    await github.act('set-rate-limit', { installationId, limit: 1_000_000 });
    const listed = await until('every repository to be listed', begun, async () => {
      const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from repositories');
      return rows[0]?.n === repositories;
    });
    const watch = watchRows(stack, begun);
    const took = await until('the import', begun, async () => {
      await sleep(LOOK_EVERY_MS);
      await watch.look();
      return areImported(stack, repositories);
    });
    const lists = ids.flatMap((id) => [
      { path: `/repositories/${id}/commits?per_page=${NEWEST}`, kind: 'commits', pages: 1 },
      { path: `/repositories/${id}/issues?state=open&per_page=100`, kind: 'issues', pages: 1 },
    ]);
    const input = {
      url: github.url,
      token: await github.tokenFor(installationId),
      databaseUrl: stack.databaseUrl,
      width: 8,
      lists,
    };
    const floor = [await runFloor('import', input), await runFloor('import', input)];
    const useful = watch.lastMs();
    return [
      { name: 'every repository listed', value: listed, unit: 'ms', target: '≤ 3000 ms' },
      { name: 'newest commits and open issues of each', value: useful, unit: 'ms', floor },
      { name: 'the same, of the whole import', value: (100 * useful) / took, unit: '%', target: '≤ 10 %' },
      { name: 'half of the repositories have theirs', value: watch.medianMs(), unit: 'ms' },
      { name: 'the whole import', value: took, unit: 'ms' },
    ];
  } finally {
    await stack.stop();
  }
}

/** Records when each repository got its newest commits, and the last of its open issues. */
function watchRows({ pool }: Stack, begun: number) {
  const reached = new Map<number, { commits: number; open: number; at: number }>();

  async function look(): Promise<void> {
    const { rows } = await pool.query<{ id: number; commits: number; open: number }>(
      `select t.repository_id::float8 as id, least(t.commits, ${NEWEST})::int as commits, coalesce(i.open, 0) as open
       from repository_totals t left join (
         select repository_id, count(*)::int as open from issues where state = 'open' and deleted_at is null
         group by repository_id) i using (repository_id)`,
    );
    const at = performance.now() - begun;
    for (const { id, commits, open } of rows) {
      const known = reached.get(id);
      if (known === undefined || commits > known.commits || open > known.open)
        reached.set(id, { commits, open, at });
    }
  }

  const times = (): number[] => [...reached.values()].map(({ at }) => at).sort((a, b) => a - b);
  return {
    look,
    lastMs: () => times().at(-1) ?? Number.NaN,
    medianMs: () => times()[Math.floor(reached.size / 2)] ?? Number.NaN,
  };
}
