import { expect, it } from '@jest/globals';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, unannounced } = useMirror();

interface StoredRow {
  table: string;
  row: string;
  /** the transaction that wrote it */
  writer: string;
}

/** What steers the work and says how it went: a lease that was taken and given back leaves its row as it was. */
const OPERATION = new Set([
  'installations',
  'listed_ids',
  'rate_limits',
  'repository_sync',
  'sync_jobs',
  'system_state',
]);

type Tables = 'GitHub' | 'operation';

/** Every row of every table of what GitHub has, and of what is counted of it; or of those that steer the work. */
async function readRows(of: Tables): Promise<StoredRow[]> {
  const tables = await mirror.rows<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const read = tables
    .filter(({ name }) => OPERATION.has(name) === (of === 'operation'))
    .map(({ name }) =>
      mirror.rows<StoredRow>(
        `select '${name}' as "table", t::text as row, t.xmin::text as writer from "${name}" t`,
      ),
    );
  return (await Promise.all(read)).flat();
}

const nameOf = ({ table, row }: StoredRow) => `${table} ${row}`;

/** How many rows were written, by table, and which of them are what they were. */
async function rowsWrittenBy(act: () => Promise<unknown>, of: Tables = 'GitHub') {
  const before = await readRows(of);
  await act();
  const after = await readRows(of);
  const writers = new Map(before.map((one) => [nameOf(one), one.writer]));
  const written = after.filter((one) => writers.get(nameOf(one)) !== one.writer);
  return {
    tables: Object.fromEntries(
      [...Map.groupBy(written, ({ table }) => table)].map(([table, rows]) => [table, rows.length]),
    ),
    unchanged: written.filter((one) => writers.has(nameOf(one))).map(nameOf),
  };
}

it('writes when each repository was compared in a quiet sweep, and no mirrored row', async () => {
  await mirror.sweep();
  await mirror.rows(`update repository_sync set unread = '{}'`);
  const { tables, unchanged } = await rowsWrittenBy(() => mirror.sweep());
  expect(unchanged).toEqual([]);
  expect(Object.keys(tables)).toEqual(['repositories']);
});

it("writes a quiet sweep's job, rate limit and log reading, and no row of the queue", async () => {
  // What has only just changed is read again.
  control.clock({ advance: -3600 });
  for (let more = 0; more < 5; more += 1) control.createRepository({ owner: 'acme', name: `more-${more}` });
  control.clock({ advance: 3600 });
  await mirror.work();
  await mirror.sweep();
  await mirror.sweep();
  const { tables, unchanged } = await rowsWrittenBy(() => mirror.sweep(), 'operation');
  expect(unchanged).toEqual([]);
  const { rate_limits: budgets = 0, ...others } = tables;
  expect(others).toEqual({ sync_jobs: 1, system_state: 2 });
  // Of the installation, for REST and GraphQL, once a second at most; whatever the number of repositories.
  expect(budgets).toBeLessThanOrEqual(2);
});

it('writes only a lease and a job besides what a delivery changes', async () => {
  await mirror.sweep();
  await mirror.sweep();
  const { tables } = await rowsWrittenBy(async () => {
    control.editIssue({ repo, number: 1, title: 'It leaks again' });
    await mirror.work();
  }, 'operation');
  expect(tables).toEqual({ repository_sync: 1, sync_jobs: 1 });
});

const changes: Record<string, () => unknown> = {
  'an edited issue': () => control.editIssue({ repo, number: 1, title: 'It leaks again' }),
  'a comment': () => control.comment({ repo, number: 2, body: 'So it does', by: 'ann' }),
  'a review': () => control.review({ repo, number: 3, state: 'approved', body: 'Fine', by: 'ann' }),
  'a comment on a line': () => control.reviewComment({ repo, number: 3, body: 'Why?', by: 'ann' }),
  'a push': () => control.push({ repo, commits: 1 }),
  'a label': () => control.createLabel({ repo, name: 'new' }),
  'a release': () => control.createRelease({ repo, tag: 'v1' }),
};

it.each(Object.keys(changes))(
  'leaves every row alone that %s does not change, delivered or not',
  async (name) => {
    await mirror.sweep();
    const change = changes[name] ?? (() => undefined);
    const delivered = await rowsWrittenBy(async () => {
      change();
      await mirror.work();
    });
    expect(delivered.unchanged).toEqual([]);
    await mirror.sweep();
    const found = await rowsWrittenBy(async () => {
      await unannounced(() => control.editIssue({ repo, number: 1, body: `${name} came` }));
      await mirror.sweep();
    });
    expect(found.unchanged).toEqual([]);
  },
);

it('leaves every row alone in a full comparison of matching rows', async () => {
  await mirror.verify();
  const { unchanged, tables } = await rowsWrittenBy(() => mirror.verify());
  expect(unchanged).toEqual([]);
  expect(Object.keys(tables)).toEqual(['repositories']);
});
