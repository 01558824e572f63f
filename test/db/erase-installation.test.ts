import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestRows, type TestRows } from '../support/rows.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, chapter = ''] = page.split('\n### Erase an installation\n');
const statements = [...(chapter.split(/\n##/)[0] ?? '').matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) =>
  sql.replace('70000002', '1'),
);

/** What a person can write, each with what PostgreSQL wants of its row beside its repository and its author. */
const written: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  commits: { sha: "'a'", message: "''", parents: "'{}'" },
  issues: { id: '41', number: '1', title: "''", state: "'open'", created_at: 'now()', updated_at: 'now()' },
  pull_requests: {
    id: '42',
    number: '2',
    title: "''",
    state: "'open'",
    created_at: 'now()',
    updated_at: 'now()',
    head_ref: "'h'",
    head_sha: "'a'",
    base_ref: "'main'",
  },
  issue_comments: { id: '43', number: '1', created_at: 'now()', updated_at: 'now()' },
  pull_request_reviews: { id: '44', pull_request_id: '42', number: '2', state: "'APPROVED'" },
  pull_request_review_comments: {
    id: '45',
    pull_request_id: '42',
    number: '2',
    thread_id: '45',
    path: "'a'",
    created_at: 'now()',
    updated_at: 'now()',
  },
  milestones: {
    id: '46',
    number: '1',
    title: "''",
    state: "'open'",
    created_at: 'now()',
    updated_at: 'now()',
  },
  releases: { id: '47', tag_name: "'v1'", prerelease: 'false', created_at: 'now()', published_at: 'now()' },
};

let test: TestRows;

async function write(table: string, repository: number, author: string): Promise<void> {
  const values = { ...written[table], repository_id: String(repository) };
  await test.rows(`insert into ${table} (author_id, ${Object.keys(values).join(', ')})
    select id, ${Object.values(values).join(', ')} from contributors where login = '${author}'`);
}

/** The tables with such a column, views left out. */
async function tablesWith(column: string): Promise<string[]> {
  const found = await test.rows<{ name: string }>(`select table_name as name
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' and column_name = '${column}'`);
  return found.map(({ name }) => name);
}

beforeAll(async () => {
  test = await openTestRows();
  await test.rows(`insert into installations
    select (jsonb_populate_record(i, '{"id": 2, "account_id": 2, "account_login": "other"}')).* from installations i`);
  await test.rows(`insert into repositories select (jsonb_populate_record(r,
    '{"id": 4, "node_id": "R_4", "installation_id": 2, "full_name": "other/r4"}')).* from repositories r where id = 1`);
  await test.rows(`insert into contributors (login, name, type)
    select login, login, 'User' from unnest(array['gone', '${Object.keys(written).join("', '")}']) login`);
  for (const table of Object.keys(written)) await write(table, 4, table);
  await test.rows(`insert into commits (repository_id, sha, message, parents, author_id)
    select 1, 'b', '', '{}', id from contributors where login = 'gone'`);
  await test.rows(`insert into webhook_deliveries (guid, event, installation_id, repository_id, payload)
    values (gen_random_uuid(), 'push', 1, 1, '{}')`);
  await test.rows(`insert into sync_jobs (id, job_type, status, trigger, installation_id, repository_id, started_at, finished_at, workflow_id, run_id)
    values (gen_random_uuid(), 'repository_sync', 'completed', 'manual', 1, 1, now(), now(), 'repo-sync/1', 'r')`);
});
afterAll(() => test.close());

it('covers each table that refers to contributors', async () => {
  expect((await tablesWith('author_id')).toSorted()).toEqual(Object.keys(written).toSorted());
});

it('removes everything of an installation, but no contributor with rows elsewhere', async () => {
  expect(statements).toHaveLength(2);
  for (const statement of statements) await test.rows(statement);
  for (const [column, of] of [
    ['installation_id', '= 1'],
    ['repository_id', 'in (1, 2, 3)'],
  ] as const) {
    for (const table of await tablesWith(column)) {
      expect({ table, left: await test.rows(`select 1 from ${table} where ${column} ${of}`) }).toEqual({
        table,
        left: [],
      });
    }
  }
  const left = await test.rows<{ login: string }>(
    'select login from contributors order by login collate "C"',
  );
  expect(left.map(({ login }) => login)).toEqual(Object.keys(written).toSorted());
});
