import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sqlOf } from '../../src/db/orm.ts';
import { dueForWideProbe } from '../../src/db/repository-sync/wide-probes.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const REPOSITORIES = 3600;
let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
  await test.rows(`insert into installations (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
    values (7, 7, 'team', 'Organization', 'all', '{}', '[]', now())`);
  await test.rows(`insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility,
      archived, disabled, fork, default_branch, created_at, updated_at)
    select n * 1009, 'R_' || n, 7, 'team', 'r' || n, 'team/r' || n, false, 'public', false, false, false, 'main', now(), now()
    from generate_series(1, ${REPOSITORIES}) n`);
  await test.rows(
    `insert into repository_sync (repository_id) select id from repositories on conflict do nothing`,
  );
});
afterAll(() => test.close());

async function due(minutesAgo: number): Promise<number> {
  const asked = `jsonb_build_object('signs', '{}'::jsonb, 'asked_at', now() - interval '${minutesAgo} minutes')`;
  await test.rows(`update repository_sync set wide_latest = ${asked}
    where repository_id in (select id from repositories where installation_id = 7)`);
  return (await dueForWideProbe(sqlOf(test.orm), 7)).length;
}

it.each([
  [29, 0],
  [45, 0.75],
  [60, 1],
  [600, 1],
])(
  'the wider query is due for repositories asked about %i minutes ago: a share of %f, spread over the hour',
  async (minutesAgo, share) => {
    const count = await due(minutesAgo);
    expect(Math.abs(count - share * REPOSITORIES)).toBeLessThanOrEqual(0.02 * REPOSITORIES);
  },
);
