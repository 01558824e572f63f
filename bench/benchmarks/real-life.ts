import { z } from 'zod';
import type { Bench, Benchmark } from '../benchmark.ts';
import { sweepOnce } from '../sweep-once.ts';
import { areImported, isQuiet, until } from '../until.ts';

const SIZES = {
  full: { commits: 5000, issues: 2000, pulls: 1000 },
  small: { commits: 120, issues: 60, pulls: 5 },
};
const YEAR = 365 * 86_400_000;

/** What happens to a repository in a while, with no webhook at all. */
export const realLife: Benchmark = {
  name: 'real-life',
  about: 'the next sweep after 27 changes that nobody announced: old commits, a force push, edits, deletions',
  elsewhere: 'github-to-sqlite 20 of 27 with 44 requests, tap-github, dlt and Airbyte 10 of 27, DevLake 9',
  run: measure,
};

async function measure(bench: Bench) {
  const { commits, issues, pulls } = SIZES[bench.size];
  const stack = await bench.openStack({
    latencyMs: 50,
    env: { SYNC_FRESH_FOR: '0s', SYNC_INTERVAL: '30m' },
  });
  try {
    const { github, pool } = stack;
    const [repo = 0, other = 0] = await github.aDayAgo(async () => {
      const ids = await github.organisation('acme', 2, commits);
      await github.act('grow-issues', { repo: ids[0], count: issues });
      await github.act('grow-pulls', { repo: ids[0], count: pulls });
      return ids;
    });
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, 2));
    await until('the import of what else there is', performance.now(), () => isQuiet(stack));
    await sweepOnce(stack); // what had only just changed is read again
    await until('that sweep', performance.now(), () => isQuiet(stack));
    await github.act('add-delivery-fault', { kind: 'lose' });
    const old = new Date(Date.now() - YEAR).toISOString();
    const shas = z.object({ head_sha: z.string() });
    const { rows: heads } = await pool.query('select head_sha from repositories where id = $1', [repo]);
    // the three go together
    const dropped = shas.parse(heads[0]).head_sha;
    // 10 commits as of a year ago in place of the last 3
    await github.act('force-push', { repo, back: 3 });
    const pushed = Array.from({ length: 10 }, (_one, at) => ({
      message: `Of a year ago ${at}`,
      author: { date: old },
    }));
    await github.act('push', { repo, commits: pushed });
    // the first half of the issues is closed
    const edited = [1, 2, 3, 4, 5, 1, 2, 3, 4, 5].map((n, at) => (at < 5 ? n : issues - n));
    for (const number of edited) await github.act('edit-issue', { repo, number, title: 'Edited' });
    for (const number of [11, 12, 13]) await github.act('delete-issue', { repo, number });
    await github.act('transfer-issue', { repo, number: 14, to: other });
    const { asked, byRoute, ms } = await sweepOnce(stack);
    for (const [route, times] of Object.entries(byRoute)) bench.print(`  ${times} × ${route}`);
    const { rows } = await pool.query<{ right: number }>(
      `select (select count(*) from commits where repository_id = $1 and orphaned_at is null
          and message like 'Of a year ago%')::int
        + (select 3 - 3 * count(*) from commits where repository_id = $1 and orphaned_at is null and sha = $2)::int
        + (select count(*) from issues where repository_id = $1 and title = 'Edited' and deleted_at is null)::int
        + (select count(*) from issues where repository_id = $1 and number in (11, 12, 13, 14)
            and deleted_at is not null)::int as right`,
      [repo, dropped],
    );
    return [
      { name: 'right of 27', value: rows[0]?.right ?? 0, unit: '', target: '27' },
      { name: 'requests and points', value: asked, unit: '', target: '≤ 15' },
      { name: 'the sweep', value: ms, unit: 'ms', target: '≤ 1500 ms' },
    ];
  } finally {
    await stack.stop();
  }
}
