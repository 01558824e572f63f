import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liveAmong, liveRepositories } from '../../src/db/repository-sync/queued-repositories.ts';
import { parentIds } from '../../src/db/rows/comment-counts.ts';
import { emptyReferences, markRowsDeleted } from '../../src/db/rows/entity-rows.ts';
import { detailTargetsByNumber, liveSince, missingChildren } from '../../src/db/rows/find-details.ts';
import { openIntoDeleted } from '../../src/db/rows/issue-numbers.ts';
import { unlistedParts } from '../../src/db/rows/parts.ts';
import { storedBranches } from '../../src/db/rows/stored-rows.ts';
import { forgetDetails } from '../../src/db/rows/write-details.ts';
import { entities } from '../../src/entities/index.ts';
import { milestones } from '../../src/entities/milestones.ts';
import { releaseAssets } from '../../src/entities/release-assets.ts';
import { watchPlans, type Plans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const ROWS = 20_000;
const at = `'2020-01-01'`;
/** Ids of repository 1 begin here, those of repository 2 at twice of it. */
const FIRST_ID = 10_000_000;
const id = `r * ${FIRST_ID} + n`;

const fill = [
  `insert into issues (id, repository_id, number, title, state, milestone_id, created_at, updated_at)
    select ${id}, r, n, 't', 'open', r * ${FIRST_ID} + ${ROWS} + 1 - n, ${at}, ${at}`,
  `insert into pull_requests (id, repository_id, number, node_id, title, state, head_ref, head_sha, base_ref, created_at,
      updated_at, detail_of)
    select ${id}, r, 30000 + n, 'P_' || r || '_' || n, 't', 'open', 'h', 's', 'main', ${at}, ${at}, ${at}`,
  `insert into issue_comments (id, repository_id, number, body, author_association, created_at, updated_at)
    select ${id}, r, n, 'b', 'NONE', ${at}, ${at}`,
  `insert into pull_request_reviews (id, repository_id, pull_request_id, number, state, author_association, submitted_at)
    select ${id}, r, ${id}, 30000 + n, 'APPROVED', 'NONE', ${at}`,
  `insert into pull_request_review_threads (id, node_id, repository_id, pull_request_id, number, path, resolved)
    select ${id}, 'T_' || r || '_' || n, r, ${id}, 30000 + n, 'p', false`,
  `insert into labels (id, repository_id, name, color) select ${id}, r, 'l' || n, 'ffffff'`,
  `insert into milestones (id, repository_id, number, title, state, created_at, updated_at)
    select ${id}, r, n, 'm' || n, 'closed', ${at}, ${at}`,
  `insert into releases (id, repository_id, tag_name, created_at) select ${id}, r, 't' || n, ${at}`,
  `insert into release_assets (id, repository_id, release_id, name, size, state, created_at, updated_at)
    select ${id}, r, ${id}, 'a', 1, 'uploaded', ${at}, ${at}`,
  `insert into tags (repository_id, name, sha) select r, 'name ' || n, 's'`,
  `insert into branches (repository_id, name, head_sha) select r, 'name ' || n, 's'`,
];

let test: TestRows;
let plans: Plans;

beforeAll(async () => {
  test = await openTestRows();
  plans = await watchPlans(test);
  for (const insert of fill)
    await test.rows(`${insert} from generate_series(1, 2) r, generate_series(1, ${ROWS}) n`);
  await test.rows(`insert into repositories
    (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
     default_branch, created_at, updated_at)
    select n, 'R_' || n, 1, 'acme', 'r' || n, 'acme/r' || n, false, 'public', false, false, false, 'main', now(), now()
    from generate_series(4, ${ROWS}) n`);
});
afterAll(() => test.close());

/** @param from which is the first of them */
const numbers = (n: number, from = 1) => Array.from({ length: n }, (_, at) => from + at * 7);
const ids = (n: number, from = 1) => numbers(n, from).map((one) => FIRST_ID + one);
const names = (n: number, from = 1) => numbers(n, from).map((one) => `name ${one}`);

const lookUps: Record<string, (n: number) => Promise<unknown>> = {
  'pull requests by id': (n) => liveSince(test.db, 1, ids(n)),
  'pull requests by number': (n) => detailTargetsByNumber(test.db, 1, numbers(n, 30_001)),
  'pull requests into deleted branches': (n) => openIntoDeleted(test.db, 1, numbers(n, 30_001)),
  'parents of comments': (n) => parentIds(test.db, 1, ['issues', 'pull_requests'], numbers(n)),
  'reviews beside the listed ones': (n) =>
    missingChildren(test.db, 'pull_request_reviews', ids(n), ids(n, 2)),
  'threads beside the listed ones': (n) =>
    missingChildren(test.db, 'pull_request_review_threads', ids(n), ids(n, 2)),
  'assets beside the listed ones': (n) => unlistedParts(test.db, releaseAssets, 1, ids(n), ids(n, 2)),
  branches: (n) => storedBranches(test.db, 1, names(n)),
  repositories: (n) => liveAmong(test.db, 1, numbers(n)),
};

const changes: Record<string, (n: number, from: number) => Promise<unknown>> = {
  'details of pull requests': (n, from) => forgetDetails(test.db, 1, numbers(n, 30_000 + from)),
  'references of issues': (n, from) => emptyReferences(test.db, milestones, 1, ids(n, from)),
};

/** The most rows that a statement of it went through. */
async function mostOf(work: () => Promise<unknown>): Promise<number> {
  plans.matching(/./);
  await work();
  return plans.most().rows;
}

describe.each(['missing', 'fresh'])('of a large repository, with %s statistics,', (statistics) => {
  beforeAll(async () => {
    if (statistics === 'fresh') await test.rows('analyze');
  });

  it.each(Object.keys(lookUps))('%s are looked up one by one', async (name) => {
    for (const n of [1, 2, 10, 30, 200])
      expect([n, await mostOf(async () => lookUps[name]?.(n))]).toEqual([n, n]);
  });

  it.each(Object.keys(changes))('%s are emptied one by one', async (name) => {
    for (const n of [1, 2, 10, 30, 200]) {
      // Others each time.
      const from = (statistics === 'fresh' ? 10_000 : 6000) + 7 * n;
      expect([n, await mostOf(async () => changes[name]?.(n, from))]).toEqual([n, n]);
    }
  });

  it.each(entities.map(({ name }) => name))('%s are marked as deleted one by one', async (name) => {
    const entity = entities.find((one) => one.name === name);
    if (entity === undefined) throw new Error(name);
    for (const n of [1, 2, 30]) {
      // Others each time.
      const from = (statistics === 'fresh' ? 1000 : 0) + 100 * n;
      const keys = entity.key.at(-1) === 'name' ? names(n, from) : ids(n, from);
      expect(await mostOf(() => markRowsDeleted(test.db, entity, 1, keys))).toBeLessThanOrEqual(n + 1);
    }
  });

  it('a page of an installation’s repositories is read without the others', async () => {
    const pages = liveRepositories(test.db, 1, 1000);
    await pages.next();
    expect(await mostOf(() => pages.next())).toBe(1000);
  });
});
