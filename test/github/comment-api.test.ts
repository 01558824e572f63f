import { expect, it } from '@jest/globals';
import { issueComments } from '../../src/entities/issue-comments.ts';
import { createCommentApi } from '../../src/github/comment-api.ts';
import { readingSession } from '../support/reading-session.ts';

const root = 'https://api.github.com/repositories/1';
const BEGIN = Date.parse('2026-01-01T00:00:00Z');
const REFUSED_BEHIND = 30_000;

/** A repository of so many comments, so many of them in each second; `asked` counts the pages. */
function repositoryOf(comments: number, inASecond: number) {
  const state = { asked: 0 };
  const all = Array.from({ length: comments }, (_one, at) => ({
    id: at + 1,
    issue_url: `${root}/issues/1`,
    body: '',
    user: null,
    author_association: 'NONE',
    created_at: new Date(BEGIN).toISOString(),
    updated_at: new Date(BEGIN + Math.floor(at / inASecond) * 1000).toISOString(),
  }));
  async function get(url: string) {
    state.asked += 1;
    const { searchParams } = new URL(url, root);
    const since = Date.parse(searchParams.get('since') ?? '2008-01-01T00:00:00Z');
    const [size, page] = [Number(searchParams.get('per_page')), Number(searchParams.get('page') ?? 1)];
    const [start, end] = [(page - 1) * size, page * size];
    const found = all.filter(({ updated_at: time }) => Date.parse(time) >= since);
    searchParams.set('page', String(page + 1));
    const next = end < found.length ? `${root}/issues/comments?${searchParams.toString()}` : null;
    const status = start >= REFUSED_BEHIND ? 422 : 200;
    const data = found.slice(start, end);
    return Promise.resolve({
      status,
      data,
      links: { next, last: null },
      date: new Date(BEGIN).toISOString(),
      url,
    });
  }
  const session = readingSession(root, get);
  const api = createCommentApi(
    session,
    root,
    () => Promise.resolve(true),
    () => Promise.resolve(false),
  );
  return { api, state };
}

it.each([1, 7, 34, 50, 60, 100, 250])(
  'reads 1,000 comments by change, %i of them in each second, in at most three times their pages',
  async (inASecond) => {
    const { api, state } = repositoryOf(1000, inASecond);
    const ids = new Set<unknown>();
    for await (const page of api.listByChange(issueComments, null)) {
      if (typeof page === 'string') throw new Error(page);
      for (const { id } of page.rows) ids.add(id);
    }
    expect(ids.size).toBe(1000);
    expect(state.asked).toBeLessThanOrEqual(30);
  },
);
