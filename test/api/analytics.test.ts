import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addCommits, addContributor, addInstallation, addRepository } from './rows.ts';
import { startTestApi, type TestApi } from './support.ts';

interface Week {
  week: string;
  commits: number;
}

interface Team {
  health: { installation_id: number; score: number | null };
  repositories: { repository_id: number; commits_90d: number }[];
  contributors: { login: string; commits: number }[];
  next: string | null;
}

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await addInstallation(api.db, 7);
  await addInstallation(api.db, 8, { deleted: true });
  await addInstallation(api.db, 9);
  for (let id = 1; id <= 5; id += 1) await addRepository(api.db, id);
  await addRepository(api.db, 6, { removed: true });
  const [ada, bob, old] = [
    await addContributor(api.db, 'ada'),
    await addContributor(api.db, 'bob'),
    await addContributor(api.db, 'old'),
  ];
  await addCommits(api.db, { repositoryId: 2, authorId: ada, count: 4, at: 'now()' });
  await addCommits(api.db, { repositoryId: 4, authorId: ada, count: 1, at: `now() - interval '20 days'` });
  await addCommits(api.db, { repositoryId: 4, authorId: bob, count: 3, at: `now() - interval '20 days'` });
  await addCommits(api.db, { repositoryId: 3, authorId: old, count: 9, at: `now() - interval '100 days'` });
  await addCommits(api.db, { repositoryId: 2, authorId: bob, count: 9, at: 'now()', orphaned: true });
  await addCommits(api.db, { repositoryId: 2, authorId: bob, count: 9, at: `'2099-01-01'` });
  await addCommits(api.db, { repositoryId: 6, authorId: bob, count: 9, at: 'now()' });
  await sql`insert into issues (id, repository_id, number, title, state, created_at, updated_at, closed_at, deleted_at, deleted_reason)
    values (1, 2, 1, 't', 'closed', now() - interval '8 days', now(), now(), null, null),
      (2, 2, 2, 't', 'open', now(), now(), null, now(), 'deleted')`.execute(api.db);
});
afterAll(() => api.close());

async function statusOf(id: string): Promise<number> {
  return (await api.app.inject({ url: `/api/analytics/repositories/${id}` })).statusCode;
}

it("returns a repository's metrics and its last 26 weeks", async () => {
  const answer = await api.app.inject({ url: '/api/analytics/repositories/2/' });
  expect(answer.statusCode).toBe(200);
  const { metrics, weeks } = answer.json<{ metrics: object; weeks: Week[] }>();
  expect(metrics).toMatchObject({
    repository_id: 2,
    commits_7d: 4,
    contributors_30d: 1,
    issues_closed_30d: 1,
    bus_factor_90d: 1,
    median_hours_to_close_90d: 192,
    median_hours_to_merge_90d: null,
  });
  expect(weeks).toHaveLength(26);
  expect(weeks.map(({ week }) => week)).toEqual(weeks.map(({ week }) => week).toSorted());
  for (const { week } of weeks) expect(new Date(week).getUTCDay()).toBe(1);
  const age = Date.now() - Date.parse(weeks.at(-1)?.week ?? '');
  expect(age).toBeLessThan(7 * 24 * 3_600_000);
  expect(age).toBeGreaterThanOrEqual(0);
  expect(weeks.at(-1)).toMatchObject({
    commits: 4,
    issues_opened: 0,
    issues_closed: 1,
    pull_requests_opened: 0,
    pull_requests_merged: 0,
  });
  expect(weeks.slice(0, -1).every(({ commits }) => commits === 0)).toBe(true);
});

it('finds no removed, unknown or malformed repository', async () => {
  expect(await Promise.all(['6', '99', 'x', '0', '-1', '99999999999999999999'].map(statusOf))).toEqual([
    404, 404, 400, 400, 400, 400,
  ]);
});

it("returns an installation's health, its most active repositories and people", async () => {
  const answer = await api.app.inject({ url: '/api/analytics/installations/7/' });
  expect(answer.statusCode).toBe(200);
  const team = answer.json<Team>();
  expect(team.health).toMatchObject({ installation_id: 7, score: expect.any(Number) });
  expect(team.repositories.map(({ repository_id, commits_90d }) => [repository_id, commits_90d])).toEqual([
    [2, 4],
    [4, 4],
    [1, 0],
    [3, 0],
    [5, 0],
  ]);
  expect(team.contributors).toMatchObject([
    { login: 'ada', commits: 5 },
    { login: 'bob', commits: 3 },
  ]);
  expect(team.next).toBeNull();
});

it('pages through the repositories', async () => {
  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor && `&cursor=${cursor}`;
    const page: Team = (
      await api.app.inject({ url: `/api/analytics/installations/7/?limit=2${query}` })
    ).json<Team>();
    seen.push(...page.repositories.map(({ repository_id }) => repository_id));
    cursor = page.next;
  }
  expect(seen).toEqual([2, 4, 1, 3, 5]);
});

it('returns no score without data, and 404 for a removed installation', async () => {
  const empty = (await api.app.inject({ url: '/api/analytics/installations/9/' })).json<Team>();
  expect(empty).toMatchObject({ health: { score: null }, repositories: [], contributors: [], next: null });
  expect((await api.app.inject({ url: '/api/analytics/installations/8/' })).statusCode).toBe(404);
  expect((await api.app.inject({ url: '/api/analytics/installations/7/?cursor=x' })).statusCode).toBe(400);
});
