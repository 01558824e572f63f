import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareStored } from './support/mirror-comparison.ts';
import { startMirror, type Mirror } from './support/mirror.ts';
import type { Row } from './support/mirror/difference.ts';
import { furtherTables } from './support/mirror/further-rows.ts';
import {
  readStoredRows,
  storedTables,
  type StoredRows,
  type StoredTable,
} from './support/mirror/stored-rows.ts';

const repo = 'acme/app';
let mirror: Mirror;
let stored: StoredRows;

/** Has a row in every table, and a value in every column. */
function everything(): void {
  const { control } = mirror;
  control.editRepository({ repo, description: 'An app', topics: ['b', 'a'] });
  control.push({ repo, commits: [{ author: { name: 'X', email: 'x@example.com' } }] });
  control.comment({ repo, number: 1, body: 'Why?', by: 'ann' });
  control.createMilestone({ repo, title: 'One', description: 'x', dueOn: '2027-01-01T08:00:00Z', by: 'ann' });
  control.createMilestone({ repo, title: 'Two' });
  control.editMilestone({ repo, number: 2, state: 'closed' });
  for (const number of [1, 3]) control.setMilestone({ repo, number, milestone: 1 });
  control.setIssueType({ repo, number: 1, type: 'Bug' });
  control.setParentIssue({ repo, number: 2, parent: 1 });
  control.closeIssue({ repo, number: 2 });
  control.requestReview({ repo, number: 3, reviewers: ['ann'], teams: ['core'] });
  const { comment } = control.reviewComment({ repo, number: 3, line: 4, body: 'Here', by: 'ann' });
  control.reviewComment({ repo, number: 3, inReplyTo: comment.id, body: 'There', by: 'bob' });
  control.resolveThread({ repo, number: 3, comment: comment.id });
  control.openPull({ repo, head: 'draft', draft: true });
  control.setDraft({ repo, number: 4, draft: false });
  control.mergePull({ repo, number: 4 });
  control.openIssue({ repo });
  control.deleteIssue({ repo, number: 5 });
  control.pushTags({ repo, tags: { v1: 'main' }, message: 'One' });
  control.createRelease({ repo, tag: 'v1', body: 'First', by: 'ann' });
  control.uploadAsset({ repo, tag: 'v1', name: 'sums.txt' });
}

beforeAll(async () => {
  mirror = await startMirror();
  everything();
  await mirror.work();
  await mirror.verify();
  const read = await readStoredRows((statement) => mirror.rows<Row>(statement));
  // The job of the test itself never ends.
  const ended = read('sync_jobs').map((row) => ({ ...row, status: 'completed' }));
  stored = withTable(read, 'sync_jobs', ended);
});
afterAll(() => mirror.close());

function withTable(others: StoredRows, table: StoredTable, rows: readonly Row[]): StoredRows {
  return (name) => (name === table ? rows : others(name));
}

/** What it says where one table is otherwise. */
const reported = (table: StoredTable, rows: readonly Row[]) =>
  compareStored(mirror.sandbox, withTable(stored, table, rows), {});

/** Columns that say nothing of GitHub, or of which more than one value is right. */
const unjudged: Partial<Record<StoredTable, readonly string[]>> = {
  installations: ['probe_size', 'standing_at'],
  repositories: ['last_synced_at', 'standing_at'],
  pull_requests: ['detail_of'],
  // What commits call somebody, and how new that is: any spelling of several.
  contributors: ['name', 'email', 'profile_at'],
  webhook_deliveries: ['event', 'error'],
  sync_jobs: ['id', 'job_type', 'started_at'],
};

/** Tables that may hold more than GitHub shows now: what was, and who. */
const unbounded = new Set<StoredTable>([
  'contributors',
  'contributor_emails',
  'webhook_deliveries',
  'sync_jobs',
]);

function otherValue(column: string, value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1_000_000;
  if (column === 'status') return value === 'completed' ? 'running' : 'pending';
  if (typeof value === 'string') return column.endsWith('_at') ? '2001-01-01T00:00:00Z' : `${value}x`;
  if (Array.isArray(value)) return [...value, 'x'];
  return value === null ? 'x' : { x: 'x' };
}

describe('the comparison of a mirror with GitHub', () => {
  it('finds no difference in a correct mirror', () => {
    expect(compareStored(mirror.sandbox, stored, {})).toEqual([]);
  });

  it.each(storedTables)('reports another value in any column of %s', (table) => {
    const rows = stored(table);
    const columns = Object.keys(rows[0] ?? {});
    expect(columns).not.toEqual([]);
    const unseen = columns.filter(
      (name) =>
        reported(
          table,
          rows.map((row) => ({ ...row, [name]: otherValue(name, row[name]) })),
        ).length === 0,
    );
    expect(unseen).toEqual(unjudged[table] ?? []);
  });

  it.each(storedTables.filter((table) => table !== 'sync_jobs'))('reports any lost row of %s', (table) => {
    const rows = stored(table).filter((row) => (row['deleted_at'] ?? null) === null);
    const seen = rows.filter(
      (row) =>
        reported(
          table,
          rows.filter((other) => other !== row),
        ).length > 0,
    );
    // Whose a linked address is, each of its commits says too.
    expect(seen).toHaveLength(table === 'contributor_emails' ? 1 : rows.length);
    expect(seen).not.toEqual([]);
  });

  it.each(storedTables.filter((table) => !unbounded.has(table)))(
    'reports any superfluous row of %s',
    (table) => {
      const [row] = stored(table).filter((one) => (one['deleted_at'] ?? null) === null);
      const own = furtherTables[table]?.key ?? 'id';
      const keys = [own, 'name', 'sha', 'contributor_id', 'repository_id'];
      const key = keys.find((name) => row?.[name] !== undefined) ?? '';
      expect(reported(table, [...stored(table), { ...row, [key]: 987 }])).not.toEqual([]);
    },
  );
});
