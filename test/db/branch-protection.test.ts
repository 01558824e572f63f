import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { branchProtection } from '../../src/db/rows/stored-rows.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
  await test.rows(`insert into branches (repository_id, name, head_sha, protected, deleted_at)
    select 1, 'b' || n, 's', n = 7, case when n = 8 then now() end from generate_series(1, 500) n`);
});
afterAll(() => test.close());

it('reads which of the live branches are protected', async () => {
  const branches = await branchProtection(test.db, 1, 500);
  expect(branches.size).toBe(499);
  expect([...branches].filter(([, isProtected]) => isProtected)).toEqual([['b7', true]]);
});

it('reads no more branches than are asked for, however many there are', async () => {
  expect((await branchProtection(test.db, 1, 101)).size).toBe(101);
});
