import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { inTransaction } from '../../src/db/orm.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';
import {
  pullRequestFigures,
  repositoryFigures,
  reviewLoad,
  type Person,
  type Team,
} from '../support/people-figures.ts';

const people: Person[] = [
  { id: 1, login: 'ann', type: 'User' },
  { id: 2, login: 'bob', type: 'User' },
  { id: 3, login: 'robot[bot]', type: 'Bot' },
  { id: 4, login: 'Copilot', type: 'Bot' },
  { id: 5, login: 'former', type: 'Mannequin' },
  // An App that GitHub showed as a user once.
  { id: 6, login: 'app[bot]', type: 'User' },
];

const now = Date.now();
/** Half a day: no figure then depends on the instant at which it is asked for. */
const ago = (days: number) => new Date(now - (days + 0.5) * 86_400_000).toISOString();

const daysAgo = fc.constantFrom(0, 5, 29, 30, 60, 89, 90, 120).map(ago);
const mayBe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 });
const author = fc.option(fc.constantFrom(...people.map(({ id }) => id)), { freq: 8 });
const live = fc.integer({ min: 0, max: 5 }).map((n) => n > 0);
const repository = fc.constantFrom(1, 2, 2);
const pull = fc.integer({ min: 1, max: 6 });

const teams: fc.Arbitrary<Team> = fc.record({
  pulls: fc.tuple(
    ...Array.from({ length: 6 }, (_, at) =>
      fc.record({
        id: fc.constant(at + 1),
        repository: repository,
        author,
        live,
        open: fc.boolean(),
        draft: fc.boolean(),
        createdAt: daysAgo,
        readyAt: mayBe(daysAgo),
        mergedAt: mayBe(daysAgo),
        firstCommitAt: mayBe(daysAgo),
        additions: mayBe(fc.nat({ max: 500 })),
        deletions: fc.nat({ max: 500 }),
        reviewers: fc.subarray(['ann', 'BOB', 'Copilot', 'nobody']),
        teams: fc.subarray(['core']),
      }),
    ),
  ),
  reviews: fc.array(
    fc.record({
      pull,
      author,
      live,
      at: mayBe(daysAgo),
      state: fc.constantFrom('APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED'),
      sha: mayBe(fc.constantFrom('a', 'b')),
    }),
    { maxLength: 20 },
  ),
  comments: fc.array(fc.record({ pull, author, live, at: daysAgo }), { maxLength: 15 }),
  lineComments: fc.array(fc.record({ pull, author, live }), { maxLength: 10 }),
  threads: fc.array(fc.record({ pull, live, resolved: fc.boolean() }), { maxLength: 10 }),
  releases: fc.array(fc.record({ repository, live, publishedAt: mayBe(daysAgo) }), { maxLength: 5 }),
});

/** Nothing is written on a pull request before there is one, and its threads are gone with it. */
function plausible(team: Team): Team {
  const on = (id: number) => team.pulls.find((one) => one.id === id);
  const later = (at: string, id: number) => [at, on(id)?.createdAt ?? at].sort().at(-1) ?? at;
  return {
    ...team,
    reviews: team.reviews.map((one) => ({ ...one, at: one.at === null ? null : later(one.at, one.pull) })),
    comments: team.comments.map((one) => ({ ...one, at: later(one.at, one.pull) })),
    threads: team.threads.map((one) => ({ ...one, live: one.live && on(one.pull)?.live === true })),
  };
}

let test: TestRows;
beforeAll(async () => {
  test = await openTestRows();
  const profile_at = new Date(now).toISOString();
  await insert('contributors', [
    ...people.map((one) => ({ ...one, github_id: 1000 + one.id, profile_at })),
    // The login was somebody else's before.
    { id: 99, github_id: 7777, login: 'bob', type: 'User', profile_at: '2000-01-01' },
  ]);
});
afterAll(() => test.close());

/** Inserts rows, all of the same columns. */
async function insert(table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return;
  const others = columns.filter((name) => name !== 'id');
  await test.rows(`insert into ${table} (${columns.join()}) overriding system value
    select ${columns.join()} from json_populate_recordset(null::${table}, '${JSON.stringify(rows)}')
    on conflict (id) do update set (${others.join()}) = row(${others.map((name) => `excluded.${name}`).join()})`);
}

/** Makes the rows of a table these: inserts, changes and deletes. */
async function replace(table: string, rows: readonly { id: number }[]): Promise<void> {
  await test.rows(`delete from ${table} where id <> all('{${rows.map(({ id }) => id).join()}}')`);
  await insert(table, rows);
}

const goneAt = ({ live: isLive }: { live: boolean }) => (isLive ? null : ago(0));
const written = ({ author: id, ...row }: { author: number | null; live: boolean }) => ({
  author_id: id,
  author_login: people.find((one) => one.id === id)?.login ?? 'ghost',
  deleted_at: goneAt(row),
});

function rowsOf({ pulls, reviews, comments, lineComments, threads, releases }: Team) {
  const onPull = (id: number) => ({
    repository_id: pulls.find((one) => one.id === id)?.repository ?? 0,
    number: 10 + id,
  });
  return {
    pull_requests: pulls.map((one) => ({
      ...written(one),
      ...onPull(one.id),
      id: one.id,
      title: '',
      state: one.open ? 'open' : 'closed',
      draft: one.draft,
      labels: [],
      assignees: [],
      locked: false,
      head_ref: 'h',
      head_sha: 's',
      base_ref: 'b',
      created_at: one.createdAt,
      updated_at: one.createdAt,
      ready_for_review_at: one.readyAt,
      merged_at: one.mergedAt,
      first_commit_at: one.firstCommitAt,
      additions: one.additions,
      deletions: one.deletions,
      requested_reviewers: one.reviewers,
      requested_teams: one.teams,
    })),
    pull_request_reviews: reviews.map((one, id) => ({
      ...written(one),
      ...onPull(one.pull),
      id,
      pull_request_id: one.pull,
      state: one.state,
      commit_sha: one.sha,
      submitted_at: one.at,
    })),
    issue_comments: comments.map((one, id) => ({
      ...written(one),
      ...onPull(one.pull),
      id,
      created_at: one.at,
      updated_at: one.at,
    })),
    pull_request_review_comments: lineComments.map((one, id) => ({
      ...written(one),
      ...onPull(one.pull),
      id,
      pull_request_id: one.pull,
      thread_id: id,
      path: 'p',
      created_at: ago(1),
      updated_at: ago(1),
    })),
    pull_request_review_threads: threads.map((one, id) => ({
      ...onPull(one.pull),
      id,
      node_id: `T${id}`,
      pull_request_id: one.pull,
      path: 'p',
      resolved: one.resolved,
      deleted_at: goneAt(one),
    })),
    releases: releases.map((one, id) => ({
      id,
      repository_id: one.repository,
      tag_name: `v${id}`,
      prerelease: false,
      created_at: ago(1),
      published_at: one.publishedAt,
      deleted_at: goneAt(one),
    })),
  };
}

const tables = [
  'pull_requests',
  'pull_request_reviews',
  'issue_comments',
  'pull_request_review_comments',
  'pull_request_review_threads',
  'releases',
] as const;

/** Who of the people is a bot, the figures, and in which order they are written. */
interface Change {
  team: Team;
  people: Person[];
  order: readonly ((typeof tables)[number] | 'contributors')[];
}

const changes: fc.Arbitrary<Change> = fc.record({
  team: teams.map(plausible),
  people: fc
    .tuple(...people.map((one) => fc.option(fc.constantFrom('User', 'Bot'), { freq: 1, nil: one.type })))
    .map((types) => people.map((one, at) => ({ ...one, type: types[at] ?? one.type }))),
  order: fc.shuffledSubarray([...tables, 'contributors'], { minLength: tables.length + 1 }),
});

/** Makes the rows those of the team, table by table, whatever they were. */
async function store({ team, people: known, order }: Change): Promise<void> {
  const rows = rowsOf(team);
  for (const table of order) {
    if (table === 'contributors') await insert(table, known);
    else await replace(table, rows[table]);
  }
}

/** As a session reads it whose clocks show that zone. */
async function readIn(zone: string, statement: string): Promise<unknown[]> {
  return inTransaction(test.orm, async (tx) => {
    await sql`select set_config('timezone', ${zone}, true)`.execute(tx);
    return (await sql`${sql.raw(statement)}`.execute(tx)).rows;
  });
}

const zones = fc.constantFrom('UTC', 'America/St_Johns', 'Asia/Kolkata', 'Pacific/Apia');

describe('the figures about how a team works together', () => {
  it('equal a recount of the live rows without bots, after any change and in every time zone', async () => {
    await fc.assert(
      fc.asyncProperty(changes, changes, zones, async (before, after, zone) => {
        await test.rows(`truncate ${tables.join()}`);
        for (const change of [before, after]) {
          await store(change);
          const { team, people: known } = change;
          expect(await readIn(zone, 'select * from pull_request_metrics order by pull_request_id')).toEqual(
            pullRequestFigures(team, known),
          );
          expect(
            await readIn(
              zone,
              `select repository_id, median_hours_to_first_review_90d, merged_without_review_90d,
              open_review_requests, unresolved_threads, releases_90d from repository_metrics order by repository_id`,
            ),
          ).toEqual([1, 2, 3].map((id) => repositoryFigures(id, team, known, now)));
          expect(await readIn(zone, 'select * from review_load order by contributor_id')).toEqual(
            reviewLoad(team, known, now),
          );
        }
      }),
      { numRuns: 40 },
    );
  });

  it('equal a recount after a table was emptied by hand', async () => {
    const emptied = fc.constantFrom(
      ['pull_requests', 'pulls'] as const,
      ['pull_request_reviews', 'reviews'] as const,
      ['issue_comments', 'comments'] as const,
      ['pull_request_review_comments', 'lineComments'] as const,
      ['pull_request_review_threads', 'threads'] as const,
    );
    await fc.assert(
      fc.asyncProperty(changes, emptied, async (change, [table, part]) => {
        await test.rows(`truncate ${tables.join()}`);
        await store(change);
        await test.rows(`truncate ${table}`);
        const team = { ...change.team, [part]: [] };
        expect(await test.rows('select * from pull_request_metrics order by pull_request_id')).toEqual(
          pullRequestFigures(team, change.people),
        );
        const [stored] = await test.rows<{ n: number }>(
          'select count(*)::int as n from pull_request_first_reviews',
        );
        const [shown] = await test.rows<{ n: number }>(
          'select count(first_review_at)::int as n from pull_request_metrics',
        );
        expect(stored).toEqual(shown);
      }),
      { numRuns: 25 },
    );
  });

  it('do not exist for a removed repository', async () => {
    await test.rows(`update repositories set removed_at = now(), removed_reason = 'deleted'`);
    for (const view of ['pull_request_metrics', 'review_load', 'repository_metrics'])
      expect(await test.rows(`select * from ${view}`)).toEqual([]);
  });
});
