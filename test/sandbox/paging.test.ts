import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

beforeAll(async () => {
  github = await startHarness({ secondaryLimits: false });
  const { control } = github.sandbox;
  control.createRepository({ owner: 'acme', name: 'big' });
  control.growCommits({ repo: 'acme/big', count: 5000 });
  control.growIssues({ repo: 'acme/big', count: 10_200 });
});

afterAll(() => github.close());

function rels(headers: Headers): Record<string, string> {
  const found = [...(headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)];
  return Object.fromEntries(found.map(([, url = '', rel = '']) => [rel, url]));
}

async function all<T>(path: string): Promise<T[]> {
  const items: T[] = [];
  for (let next: string | undefined = path; next;) {
    const { body, headers } = await github.get(next);
    items.push(...body);
    next = rels(headers)['next'];
  }
  return items;
}

describe('Link paging', () => {
  it('names pages by repository id, with 30 elements by default and 100 at most', async () => {
    const { id } = github.sandbox.world.state.repositories.get(github.app.id + 1) ?? { id: 0 };
    const base = `${github.sandbox.url}/repositories/${id}/commits`;
    const first = await github.get('/repos/acme/big/commits');
    expect(first.body).toHaveLength(30);
    const second = await github.get('/repos/acme/big/commits?per_page=1000&page=2');
    expect(second.body).toHaveLength(100);
    expect(rels(second.headers)).toEqual({
      prev: `${base}?per_page=1000&page=1`,
      next: `${base}?per_page=1000&page=3`,
      last: `${base}?per_page=1000&page=53`,
      first: `${base}?per_page=1000&page=1`,
    });
    expect((await github.get('/repos/acme/app/commits')).headers.get('link')).toBeNull();
  });

  it('walks a long history to its root, each commit once', async () => {
    const commits = await all<{ sha: string; parents: { sha: string }[] }>(
      '/repos/acme/big/commits?per_page=100',
    );
    const shas = new Set(commits.map(({ sha }) => sha));
    expect(shas.size).toBe(5250);
    expect(commits.flatMap(({ parents }) => parents).every(({ sha }) => shas.has(sha))).toBe(true);
  });

  it('reaches more than 10,000 issues by cursors, although deep pages are refused', async () => {
    const path = '/repos/acme/big/issues?state=all&per_page=100';
    const issues = await all<{ number: number }>(path);
    expect(new Set(issues.map(({ number }) => number)).size).toBe(10_200);
    expect((await github.get(`${path}&page=99`)).body).toHaveLength(100);
    const deep = await github.get(`${path}&page=100`);
    expect([deep.status, deep.body.message]).toEqual([
      422,
      'Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)',
    ]);
  });

  it('names no last page of issues, but cursors beside the page number', async () => {
    const { headers } = await github.get('/repos/acme/big/issues?state=all&per_page=100&page=2');
    const links = rels(headers);
    expect(Object.keys(links).sort()).toEqual(['next', 'prev']);
    const next = new URL(links['next'] ?? '').searchParams;
    expect([next.get('page'), next.has('after'), next.has('before')]).toEqual(['3', true, false]);
    const back = await github.get(links['prev'] ?? '');
    expect(back.body[0].number).toBe(10_200);
  });

  it('shows no issues since the epoch itself, and all of them since eight hours later', async () => {
    const path = '/repos/acme/big/issues?state=all&per_page=5';
    expect((await github.get(`${path}&since=1970-01-01T00:00:00Z`)).body).toEqual([]);
    expect((await github.get(`${path}&since=1970-01-01T08:00:00Z`)).body).toHaveLength(5);
  });

  it("keeps a cursor's place while the list shifts, but not a page number's", async () => {
    const { control } = github.sandbox;
    control.createRepository({ owner: 'acme', name: 'moving' });
    for (let at = 0; at < 6; at += 1) {
      control.clock({ freeze: 1_700_000_000 + at });
      control.openIssue({ repo: 'acme/moving' });
    }
    const path = '/repos/acme/moving/issues?sort=updated&direction=asc&per_page=2';
    const first = await github.get(path);
    control.clock({ freeze: 1_700_000_100 });
    control.comment({ repo: 'acme/moving', number: 1 });
    control.clock({ run: true });
    const numbers = async (url: string) =>
      (await github.get(url)).body.map((issue: { number: number }) => issue.number);
    expect(await numbers(rels(first.headers)['next'] ?? '')).toEqual([3, 4]);
    expect(await numbers(`${path}&page=2`)).toEqual([4, 5]);
  });

  it('pages activity by cursors', async () => {
    const found = await all<{ activity_type: string }>('/repos/acme/app/activity?per_page=1');
    expect(found.map((one) => one.activity_type)).toEqual(['branch_creation']);
  });

  it('answers late pages of a large repository', async () => {
    const paths = ['commits?per_page=100&page=40', 'issues?state=all&per_page=100&page=90', 'contributors'];
    const answers = await Promise.all(paths.map((path) => github.get(`/repos/acme/big/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.slice(0, 2).map(({ body }) => body.length)).toEqual([100, 100]);
  });
});

it('numbers generated objects in order of creation', async () => {
  const { control } = github.sandbox;
  const repo = 'acme/mixed';
  control.createRepository({ owner: 'acme', name: 'mixed' });
  control.growIssues({ repo, count: 120 });
  control.growPulls({ repo, count: 30 });
  const listed = await all<{ number: number }>(
    `/repos/${repo}/issues?state=all&sort=created&direction=asc&per_page=100`,
  );
  expect(listed.map(({ number }) => number)).toEqual(Array.from({ length: 150 }, (_one, at) => at + 1));
});

it('closes generated issues one after the other, each within two days of its opening', async () => {
  const { control } = github.sandbox;
  control.createRepository({ owner: 'acme', name: 'closed' });
  control.growIssues({ repo: 'acme/closed', count: 200 });
  const closed = await all<{ created_at: string; closed_at: string; updated_at: string }>(
    '/repos/acme/closed/issues?state=closed&per_page=100',
  );
  expect(closed).toHaveLength(100);
  expect(new Set(closed.map((issue) => issue.closed_at)).size).toBeGreaterThan(90);
  for (const { created_at, closed_at, updated_at } of closed) {
    expect(updated_at).toBe(closed_at);
    expect(Date.parse(closed_at) - Date.parse(created_at)).toBeLessThanOrEqual(2 * 86_400_000);
  }
});
