import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addContributor, addInstallation, addRepository } from './rows.ts';
import { startTestApi, type TestApi } from './support.ts';

interface Answer {
  pull_requests: Record<string, unknown>[];
  next: string | null;
}

let api: TestApi;

/** Pull requests 1-5 of repository 1: unreviewed, reviewed with a conversation, draft, approved, merged; 6 of another account. */
beforeAll(async () => {
  api = await startTestApi();
  await addInstallation(api.db, 7);
  await addInstallation(api.db, 8);
  await addInstallation(api.db, 9, { deleted: true });
  await addRepository(api.db, 1);
  await addRepository(api.db, 2, { installationId: 8 });
  const [ada, bob] = [await addContributor(api.db, 'ada'), await addContributor(api.db, 'bob')];
  await sql`insert into contributors (login, type) values ('helper[bot]', 'Bot')`.execute(api.db);
  await sql`update contributors set github_id = id`.execute(api.db);
  await sql`insert into pull_requests (id, repository_id, number, title, state, draft, merged_at, author_id, author_login,
      head_ref, head_sha, base_ref, created_at, updated_at, closed_at, ready_for_review_at, requested_reviewers,
      requested_teams, additions, deletions)
    select id, repository_id, id, 'Change ' || id, state, draft, merged_at, ${ada}, 'ada', 'b', 'c', 'main', created_at,
      now(), merged_at, ready_at, asked, teams, id + 1, 4
    from (values
      (1, 1, 'open', false, null::timestamptz, now() - interval '9 days', now() - interval '1 day', array['bob'], array['core']),
      (2, 1, 'open', false, null, now() - interval '8 days', null, '{}'::text[], '{}'::text[]),
      (3, 1, 'open', true, null, now() - interval '7 days', null, '{}', '{}'),
      (4, 1, 'open', false, null, now() - interval '6 days', null, '{}', '{}'),
      (5, 1, 'closed', false, now(), now() - interval '2 days', null, '{}', '{}'),
      (6, 2, 'open', false, null, now() - interval '5 days', null, '{}', '{}')
    ) p (id, repository_id, state, draft, merged_at, created_at, ready_at, asked, teams)`.execute(api.db);
  await sql`insert into pull_request_reviews (id, repository_id, pull_request_id, number, state, author_id, author_login, submitted_at)
    select id, 1, pull, pull, state, (select id from contributors where login = who), who, at
    from (values
      (11, 1, 'COMMENTED', 'ada', now()), (12, 1, 'COMMENTED', 'helper[bot]', now()),
      (13, 2, 'COMMENTED', 'bob', now() - interval '7 days'), (14, 4, 'APPROVED', 'bob', now()),
      (15, 5, 'APPROVED', 'bob', now() - interval '1 day')
    ) v (id, pull, state, who, at)`.execute(api.db);
  await sql`insert into pull_request_review_threads (id, node_id, repository_id, pull_request_id, number, path, resolved)
    values (21, 'T1', 1, 2, 2, 'src/a.ts', false), (22, 'T2', 1, 2, 2, 'src/b.ts', true)`.execute(api.db);
  await sql`insert into pull_request_review_comments (id, repository_id, pull_request_id, number, thread_id, path, body,
      author_id, author_login, created_at, updated_at)
    values (21, 1, 2, 2, 21, 'src/a.ts', E'Why?\nIndeed.', ${bob}, 'bob', now(), now())`.execute(api.db);
  await sql`insert into releases (id, repository_id, tag_name, name, prerelease, author_login, created_at, published_at)
    values (31, 1, 'v1', 'One', false, 'ada', now(), now() - interval '1 day'),
      (32, 1, 'v2-rc', null, true, 'ada', now(), now())`.execute(api.db);
});
afterAll(() => api.close());

async function get<T>(path: string): Promise<T> {
  const answer = await api.app.inject({ url: path });
  expect([path, answer.statusCode]).toEqual([path, 200]);
  return answer.json<T>();
}

async function listed(query: string): Promise<unknown[]> {
  const { pull_requests: pulls } = await get<Answer>(`/api/analytics/pull-requests/?${query}`);
  return pulls.map(({ id }) => id);
}

it('lists open pull requests, longest waiting first, by what they are waiting for', async () => {
  expect(await listed('')).toEqual([2, 3, 4, 6, 1]);
  expect(await listed('installation_id=7')).toEqual([2, 3, 4, 1]);
  expect(await listed('repository_id=2')).toEqual([6]);
  expect(await listed('draft=true')).toEqual([3]);
  // The author's own review and a bot's are no look of another person.
  expect(await listed('waiting_for=first_review')).toEqual([6, 1]);
  expect(await listed('waiting_for=resolution')).toEqual([2]);
  const answer = await api.app.inject({ url: '/api/analytics/pull-requests/?waiting_for=godot' });
  expect(answer.statusCode).toBe(400);
});

it('shows the review state of each', async () => {
  const { pull_requests: pulls } = await get<Answer>('/api/analytics/pull-requests/?installation_id=7');
  expect(pulls.find(({ id }) => id === 2)).toMatchObject({
    reviews: 1,
    comments: 1,
    unresolved_threads: 1,
    size: 7,
    first_review_at: expect.any(String),
    first_approval_at: null,
  });
  expect(pulls.find(({ id }) => id === 1)).toMatchObject({
    first_review_at: null,
    requested_reviewers: ['bob'],
    requested_teams: ['core'],
  });
  expect(pulls.find(({ id }) => id === 4)).toMatchObject({ first_approval_at: expect.any(String) });
});

it('returns every pull request once, page by page', async () => {
  const sorted = {
    waiting: [2, 3, 4, 6, 1],
    newest: [1, 6, 4, 3, 2],
    size: [6, 4, 3, 2, 1],
    unresolved: [2, 1, 3, 4, 6],
  };
  for (const [sort, ids] of Object.entries(sorted)) {
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = await get(
        `/api/analytics/pull-requests/?sort=${sort}&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.pull_requests.map(({ id }) => id));
      cursor = page.next;
    }
    expect([sort, seen]).toEqual([sort, ids]);
  }
});

it('counts open pull requests, and measures 26 weeks', async () => {
  const { now, weeks } = await get<{ now: object; weeks: Record<string, number | null>[] }>(
    '/api/analytics/pull-requests/weeks/?installation_id=7',
  );
  expect(now).toEqual({
    open: 4,
    drafts: 1,
    waiting_for_first_review: 1,
    longest_waiting_since: expect.any(String),
    unresolved_threads: 1,
    open_review_requests: 2,
  });
  expect(weeks).toHaveLength(26);
  expect(weeks.at(-1)).toMatchObject({ merged: 1, median_hours_to_merge: 48 });
  const reviewed = weeks
    .map((week) => week['median_hours_to_first_review'])
    .filter((hours) => hours !== null);
  // 24 h (twice), and 144 h: of one week or of two, as the day falls.
  expect(reviewed.every((hours) => hours !== undefined && hours >= 24 && hours <= 144)).toBe(true);
  expect(reviewed.length).toBeGreaterThan(0);
  expect(weeks[0]).toMatchObject({ merged: 0, median_hours_to_first_review: null });
});

it("returns an installation's reviewers and review requests", async () => {
  expect(await get('/api/analytics/installations/7/reviews/')).toEqual({
    people: [
      expect.objectContaining({
        login: 'bob',
        open_review_requests: 1,
        reviews_90d: 3,
        pull_requests_reviewed_90d: 3,
      }),
    ],
  });
  expect(await get('/api/analytics/installations/8/reviews/')).toEqual({ people: [] });
  for (const id of ['9', '99']) {
    const gone = await api.app.inject({ url: `/api/analytics/installations/${id}/reviews/` });
    expect(gone.statusCode).toBe(404);
  }
});

it('shows a repository’s waiting reviews, unresolved conversations and releases', async () => {
  const { contents } = await get<{ contents: Record<string, unknown> }>('/api/dashboard/repositories/1/');
  expect(contents).toMatchObject({
    reviews_waiting: [{ number: 1, requested_reviewers: ['bob'], requested_teams: ['core'] }],
    unresolved_threads: [{ number: 2, path: 'src/a.ts', author_login: 'bob', comment: 'Why?', comments: 1 }],
    releases: [
      { tag_name: 'v2-rc', prerelease: true, assets: 0 },
      { tag_name: 'v1', prerelease: false, assets: 0 },
    ],
  });
});

it('names the kinds that are off for an installation, and the permissions they need', async () => {
  await sql`update installations set permissions = '{"contents": "read", "metadata": "read", "issues": "read"}'
    where id = 8`.execute(api.db);
  const { installation } = await get<{ installation: { kinds_off: unknown[] } }>(
    '/api/dashboard/installations/8/',
  );
  expect(installation.kinds_off).toEqual(
    ['pull_request_review_comments', 'pull_request_reviews', 'pull_request_review_threads'].map((kind) => ({
      kind,
      reason: 'permission',
      permissions: ['pull_requests'],
    })),
  );
});

interface Questioned {
  columns: string[];
  rows: unknown[][];
}

/** The rows of a question's answer by column, numbers as numbers. */
async function answerTo(slug: string): Promise<Record<string, unknown>[]> {
  const { columns, rows } = await get<Questioned>(`/api/dashboard/questions/${slug}/`);
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
}

it('answers the questions about reviews, review threads and releases correctly', async () => {
  expect(await answerTo('waiting-for-a-first-review')).toMatchObject([
    { repository: 'octo/repo-2', number: 6, asked: [] },
    { repository: 'octo/repo-1', number: 1, asked: ['bob'] },
  ]);
  expect(await answerTo('unresolved-conversations')).toMatchObject([
    { number: 2, path: 'src/a.ts', begun_by: 'bob', comment: 'Why?' },
  ]);
  expect(await answerTo('releases')).toMatchObject([
    { tag: 'v2-rc', prerelease: true },
    { tag: 'v1', name: 'One', prerelease: false },
  ]);
  const [load, ...others] = await answerTo('review-load');
  expect([load?.['person'], Number(load?.['asked_now']), Number(load?.['reviews_90d']), others]).toEqual([
    'bob',
    1,
    3,
    [],
  ]);
  const [first] = await answerTo('time-to-first-review');
  expect(first).toMatchObject({
    repository: 'octo/repo-1',
    merged_without_review_90d: 0,
    open_review_requests: 2,
  });
  expect(Number(first?.['median_hours_to_first_review'])).toBe(24);
});

it('shows the first comment of a conversation that is still there, here and in the answer of the question', async () => {
  await sql`insert into pull_request_review_comments (id, repository_id, pull_request_id, number, thread_id, path, body,
      author_login, created_at, updated_at)
    values (23, 1, 2, 2, 21, 'src/a.ts', 'Because', 'ada', now(), now())`.execute(api.db);
  await sql`update pull_request_review_comments set deleted_at = now() where id = 21`.execute(api.db);
  const { contents } = await get<{ contents: Record<string, unknown> }>('/api/dashboard/repositories/1/');
  expect(contents['unresolved_threads']).toEqual([
    expect.objectContaining({ id: 21, author_login: 'ada', comment: 'Because', comments: 1 }),
  ]);
  expect(await answerTo('unresolved-conversations')).toEqual([
    expect.objectContaining({ begun_by: 'ada', comment: 'Because' }),
  ]);
});
