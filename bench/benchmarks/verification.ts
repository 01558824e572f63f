import type { Pool } from 'pg';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { runCommand } from '../run-command.ts';
import type { Stack } from '../stack.ts';
import { areImported, isQuiet, until } from '../until.ts';

const SIZES = {
  full: { repositories: 40, commits: 1500, issues: 500, pulls: 200, comments: 150, lines: 50 },
  small: { repositories: 2, commits: 5, issues: 3, pulls: 2, comments: 2, lines: 2 },
};

/** The tables of a repository's rows that are damaged, and a column whose loss is damage. */
const damagedColumns = {
  commits: 'message',
  issues: 'title',
  pull_requests: 'title',
  issue_comments: 'body',
  pull_request_reviews: 'author_login',
  pull_request_review_comments: 'body',
};

/** A mirror of all kinds compared with GitHub, first as it is, then with rows altered and deleted behind its back. */
export const verification: Benchmark = {
  name: 'verification',
  about:
    '100,000 rows of all kinds in 40 repositories, 20 ms per answer of GitHub: verified as they are, and damaged',
  run: measure,
};

async function measure(bench: Bench): Promise<Figure[]> {
  const { repositories, ...size } = SIZES[bench.size];
  const stack = await bench.openStack({ latencyMs: 20, env: { SYNC_INTERVAL: '12h' } });
  try {
    const { github, pool } = stack;
    const ids = await github.organisation('acme', repositories, size.commits);
    for (const repo of ids) await fill(stack, repo, size);
    const begun = performance.now();
    const installationId = await github.install('acme');
    await github.act('set-rate-limit', { installationId, limit: 1_000_000 });
    const imported = await until(
      'the import',
      begun,
      async () => (await areImported(stack, repositories)) && (await isQuiet(stack)),
    );
    const plain = await verify(stack);
    const before = await contents(pool);
    const damaged = await damage(pool);
    const healed = await verify(stack);
    const after = await contents(pool);
    if (after !== before) throw new Error(`not repaired: ${after} instead of ${before}`);
    return [
      { name: 'rows compared', value: plain.rows, unit: '' },
      { name: 'import', value: imported, unit: 'ms' },
      { name: 'verification', value: plain.ms, unit: 'ms', floor: [imported], target: '≤ 3 × import' },
      { name: 'verification: requests and points', value: plain.points, unit: '' },
      { name: 'rows altered or deleted', value: damaged, unit: '' },
      { name: 'verification that repairs them', value: healed.ms, unit: 'ms' },
      { name: 'verification that repairs them: requests and points', value: healed.points, unit: '' },
    ];
  } finally {
    await stack.stop();
  }
}

async function fill({ github }: Stack, repo: number, size: Omit<(typeof SIZES)['full'], 'repositories'>) {
  await github.act('grow-issues', { repo, count: size.issues });
  await github.act('grow-pulls', { repo, count: size.pulls });
  const pull = size.issues + 1;
  await github.act('grow-comments', { repo, number: 1, count: size.comments });
  await github.act('grow-comments', { repo, number: pull, count: size.lines });
  await github.act('grow-comments', { repo, number: pull, count: size.lines, lines: true });
}

async function verify(stack: Stack) {
  const { github, pool } = stack;
  await github.act('reset-stats');
  const begun = performance.now();
  const { code, output } = await runCommand('verify', stack);
  const ms = performance.now() - begun;
  if (code !== 0) throw new Error(`the verification failed: ${output.slice(-1000)}`);
  const { points } = await github.asked();
  const { rows } = await pool.query<{ n: number }>(
    `select (value ->> 'rows_compared')::int as n from system_state where name = 'verification'`,
  );
  return { ms, points, rows: rows[0]?.n ?? 0 };
}

/** Alters every fiftieth row of each table and deletes every other fiftieth; returns how many. */
async function damage(pool: Pool): Promise<number> {
  let damaged = 0;
  for (const [table, column] of Object.entries(damagedColumns)) {
    const key = table === 'commits' ? 'sha' : 'id::text';
    const part = (rest: number) => `abs(hashtext(${key})) % 50 = ${rest}`;
    const altered = await pool.query(`update ${table} set ${column} = 'DAMAGED' where ${part(1)}`);
    const deleted = await pool.query(`delete from ${table} where ${part(2)}`);
    damaged += (altered.rowCount ?? 0) + (deleted.rowCount ?? 0);
  }
  return damaged;
}

/** How many rows each table has, and a digest of the columns that are damaged. */
async function contents(pool: Pool): Promise<string> {
  const told = await Promise.all(
    Object.entries(damagedColumns).map(async ([table, column]) => {
      const { rows } = await pool.query<{ told: string }>(
        `select count(*) || '/' || coalesce(sum(hashtext(${column})), 0) as told from ${table}`,
      );
      return `${table} ${rows[0]?.told}`;
    }),
  );
  return told.join(', ');
}
