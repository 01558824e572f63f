import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { inTransaction } from '../../src/db/orm.ts';
import { writeRepositories } from '../../src/db/repository-sync/write-repositories.ts';
import { repositoryRow } from '../support/repository-row.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;
beforeEach(async () => {
  test = await openTestRows();
  await test.rows(`insert into installations
    (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
    values (2, 2, 'new', 'Organization', 'all', '{}', '[]', now())`);
  await test.rows('update installations set suspended_at = now() where id = 1');
  await test.rows(`update repositories set sync_status = 'paused'`);
});
afterEach(() => test.close());

const time = '2030-01-01T00:00:00.000Z';
const moved = repositoryRow(1, {
  owner_login: 'new',
  full_name: 'new/r1',
  created_at: time,
  updated_at: time,
});

async function statuses() {
  return test.rows('select id::int, sync_status from repositories where id < 3 order by id');
}

it.each([
  ['is transferred', 'select'],
  [
    'is installed again',
    `update repositories set removed_at = now(), removed_reason = 'uninstalled' where id = 1`,
  ],
])('resumes a repository of a suspended installation that %s to another one', async (_what, before) => {
  await test.rows(before);
  await inTransaction(test.orm, (tx) => writeRepositories(tx, 2, [moved]));
  expect(await statuses()).toEqual([
    { id: 1, sync_status: 'pending' },
    { id: 2, sync_status: 'paused' },
  ]);
});

it('leaves a repository paused that its suspended installation shows', async () => {
  await inTransaction(test.orm, (tx) => writeRepositories(tx, 1, [moved]));
  expect(await statuses()).toEqual([1, 2].map((id) => ({ id, sync_status: 'paused' })));
});
