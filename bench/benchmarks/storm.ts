import { runBarePair, type PairFigures } from '../bare-pair.ts';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { captureDeliveries } from '../capture-deliveries.ts';
import { runFloor } from '../floor.ts';
import type { GitHub } from '../github.ts';
import { postDeliveries, type Delivery } from '../post-deliveries.ts';
import { memoryOf } from '../process-usage.ts';
import { mean, percentile } from '../results.ts';
import { temporalActions } from '../temporal-actions.ts';
import type { Stack } from '../stack.ts';
import { areImported, isQuiet, until } from '../until.ts';

const SIZES = { full: { repositories: 100, deliveries: 3000 }, small: { repositories: 3, deliveries: 15 } };
const WIDTH = 32;
const tables = ['issues', 'issue_comments', 'pull_request_reviews', 'commits'] as const;
type Table = (typeof tables)[number];

/** Something that is delivered once, and the table that has a row more by it. */
interface Change {
  act: (github: GitHub, repo: number, at: number) => Promise<unknown>;
  adds: Table | null;
}

const openIssue: Change = {
  act: (github, repo, at) => github.act('open-issue', { repo, title: `Number ${at}`, labels: [] }),
  adds: 'issues',
};
/** Of the pull request that every repository has. */
const number = 1;
const mixed: readonly Change[] = [
  openIssue,
  {
    act: (github, repo, at) => github.act('edit-issue', { repo, number, title: `Number ${at}` }),
    adds: null,
  },
  {
    act: (github, repo, at) => github.act('push', { repo, commits: [{ message: `Number ${at}` }] }),
    adds: 'commits',
  },
  {
    act: (github, repo, at) => github.act('comment', { repo, number, body: `Number ${at}` }),
    adds: 'issue_comments',
  },
  {
    act: (github, repo, at) => github.act('review', { repo, number, body: `Number ${at}` }),
    adds: 'pull_request_reviews',
  },
];

export const storm: Benchmark = {
  name: 'storm',
  about:
    '3,000 deliveries of 100 repositories at once until all rows are right, over one upsert for each in one process',
  run: (bench) => measure(bench, [openIssue], true),
};

export const stormMixed: Benchmark = {
  name: 'storm-mixed',
  about: 'the same of issues, pull requests, pushes, comments and reviews',
  run: (bench) => measure(bench, mixed, false),
};

/** @param hasFloor whether the floor applies payloads like these */
async function measure(bench: Bench, changes: readonly Change[], hasFloor: boolean): Promise<Figure[]> {
  const { repositories, deliveries } = SIZES[bench.size];
  const stack = await bench.openStack({ latencyMs: 50 });
  try {
    const { github, pool } = stack;
    const ids = await github.organisation('acme', repositories, 1);
    if (changes.length > 1) for (const repo of ids) await github.act('open-pull', { repo, head: 'feature' });
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, repositories));
    await until('the import of what else there is', performance.now(), () => isQuiet(stack));
    const rows = await countRows(stack);
    const captured = await captureDeliveries(stack, async () => {
      for (let at = 0; at < deliveries; at += 1) {
        const change = changes[Math.floor(at / ids.length) % changes.length];
        await change?.act(github, ids[at % ids.length] ?? 0, at);
        if (change?.adds) rows[change.adds] += 1;
      }
    });
    const floors: Floors[] = [];
    if (hasFloor) floors.push(await runFloors(stack, captured));
    await github.act('reset-stats');
    await stack.resetProfile();
    const since = new Date();
    const before = stack.cpu();
    const begun = performance.now();
    const accepted = postDeliveries(`${stack.apiUrl}/api/github/webhook/`, captured, { width: WIDTH });
    const took = await until('all rows to be right', begun, async () => {
      const { rows: left } = await pool.query(
        "select from webhook_deliveries where status = 'pending' limit 1",
      );
      if (left.length > 0) return false;
      const now = await countRows(stack);
      return tables.every((table) => now[table] === rows[table]);
    });
    const cpu = stack.cpu();
    const { ms, each } = await accepted;
    if (hasFloor) floors.push(await runFloors(stack, captured));
    const asked = await github.asked();
    const actions = await temporalActions(stack.temporal, since);
    const all = Object.values(actions).reduce((sum, n) => sum + n, 0);
    const perThousand = (n: number): number => (1000 * n) / captured.length;
    const pair = (figure: keyof PairFigures): Pick<Figure, 'floor'> =>
      hasFloor ? { floor: floors.map((one) => one.pair[figure]) } : {};
    return [
      {
        name: 'all rows right',
        value: took,
        unit: 'ms',
        ...(hasFloor && { floor: floors.map(({ program }) => program), target: '≤ 2 × floor' }),
      },
      ...(hasFloor ? figuresOfFloors(took, floors) : []),
      { name: 'of that, until all were accepted', value: ms, unit: 'ms', ...pair('accepted') },
      { name: 'p99 of the answers', value: percentile(each, 0.99), unit: 'ms', ...pair('p99') },
      {
        name: 'Temporal actions per 1,000 deliveries',
        value: perThousand(all),
        unit: '',
        target: '≤ 80',
      },
      ...Object.entries(actions).map(([name, n]) => ({
        name: `of them ${name}`,
        value: perThousand(n),
        unit: '',
      })),
      { name: 'requests to GitHub', value: asked.requests, unit: '' },
      {
        name: 'processor time of the API',
        value: 1000 * (cpu.api - before.api),
        unit: 'ms',
        ...pair('handler'),
      },
      {
        name: 'processor time of the worker',
        value: 1000 * (cpu.worker - before.worker),
        unit: 'ms',
        ...pair('applier'),
      },
      {
        name: 'processor time of PostgreSQL',
        value: 1000 * (cpu.postgres - before.postgres),
        unit: 'ms',
        ...pair('postgres'),
      },
      { name: 'processor time of Temporal', value: 1000 * (cpu.temporal - before.temporal), unit: 'ms' },
      {
        name: 'peak memory of the API',
        value: stack.api === undefined ? 0 : memoryOf(stack.api.pid).peak,
        unit: 'MiB',
        target: '≤ 250 MiB',
      },
    ];
  } finally {
    await stack.stop();
  }
}

/** In milliseconds. */
interface Floors {
  /** one upsert for each of the payloads in one process, eight side by side */
  program: number;
  /** the same one after the other */
  serial: number;
  pair: PairFigures;
}

async function runFloors(stack: Stack, deliveries: readonly Delivery[]): Promise<Floors> {
  const input = { databaseUrl: stack.databaseUrl, bodies: deliveries.map(({ body }) => body) };
  return {
    program: await runFloor('apply', { ...input, width: 8 }),
    serial: await runFloor('apply', { ...input, width: 1 }),
    // As warm as the roles are, which have received little more than the installation.
    pair: await runBarePair(stack, deliveries.slice(0, WIDTH), deliveries, WIDTH),
  };
}

/** That program is given the payloads. What a storm's shape asks for is more: HTTP, an inbox, another process. */
function figuresOfFloors(took: number, floors: readonly Floors[]): Figure[] {
  const pair = floors.map((one) => one.pair.right);
  return [
    {
      name: 'over that program, one after the other',
      value: took,
      unit: 'ms',
      floor: floors.map(({ serial }) => serial),
    },
    { name: 'over a bare handler and applier side by side', value: took, unit: 'ms', floor: pair },
    {
      name: 'those two over that program',
      value: mean(pair),
      unit: 'ms',
      floor: floors.map(({ program }) => program),
    },
  ];
}

/** How many rows GitHub still has of each. */
async function countRows({ pool }: Stack): Promise<Record<Table, number>> {
  const counts = tables.map((table) => {
    const gone = table === 'commits' ? 'orphaned_at' : 'deleted_at';
    return `(select count(*)::int from ${table} where ${gone} is null) as ${table}`;
  });
  const { rows } = await pool.query<Record<Table, number>>(`select ${counts.join(', ')}`);
  const [counted] = rows;
  if (counted === undefined) throw new Error('nothing was counted');
  return counted;
}
