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

/** Every row of every table of what GitHub has, and of what is counted of it. */
async function readRows(): Promise<StoredRow[]> {
  const tables = await mirror.rows<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const read = tables
    .filter(({ name }) => !OPERATION.has(name))
    .map(({ name }) =>
      mirror.rows<StoredRow>(
        `select '${name}' as "table", t::text as row, t.xmin::text as writer from "${name}" t`,
      ),
    );
  return (await Promise.all(read)).flat();
}

const nameOf = ({ table, row }: StoredRow) => `${table} ${row}`;

/** How many rows were written, by table, and which of them are what they were. */
async function rowsWrittenBy(act: () => Promise<unknown>) {
  const before = await readRows();
  await act();
  const after = await readRows();
  const writers = new Map(before.map((one) => [nameOf(one), one.writer]));
  const written = after.filter((one) => writers.get(nameOf(one)) !== one.writer);
  return {
    tables: Object.fromEntries(
      [...Map.groupBy(written, ({ table }) => table)].map(([table, rows]) => [table, rows.length]),
    ),
    unchanged: written.filter((one) => writers.has(nameOf(one))).map(nameOf),
  };
}

it('a quiet sweep writes when each repository was compared, and no row of GitHub’s', async () => {
  await mirror.sweep();
  await mirror.rows(`update repository_sync set unread = '{}'`);
  const { tables, unchanged } = await rowsWrittenBy(() => mirror.sweep());
  expect(unchanged).toEqual([]);
  expect(Object.keys(tables)).toEqual(['repositories']);
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
  '%s leaves every row alone that it does not change, delivered or not',
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

it('a complete comparison of what is right leaves every row alone', async () => {
  await mirror.verify();
  const { unchanged, tables } = await rowsWrittenBy(() => mirror.verify());
  expect(unchanged).toEqual([]);
  expect(Object.keys(tables)).toEqual(['repositories']);
});
