import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SyncError } from '../../src/errors.ts';
import { pages } from '../../src/github/pages/pages.ts';
import type { GitHubSession } from '../../src/github/session/session.ts';
import { readingSession } from '../support/reading-session.ts';

const base = 'https://api.github.com/repositories/1/issues';

interface Options {
  numbers: readonly number[];
  /** what happens to the list before the request of so many */
  before?: Record<number, (list: number[]) => void>;
  /** answers to `page=`: as GitHub does, always the first page, or 422 */
  byNumber?: 'answered' | 'ignored' | 'refused';
}

/** A list of issues by creation that shows cursors alone. */
function issueList({ numbers, before = {}, byNumber = 'answered' }: Options) {
  const list = [...numbers];
  const asked: string[] = [];
  const state = { running: 0, most: 0 };
  async function get(url: string) {
    asked.push(new URL(url, base).search);
    before[asked.length]?.(list);
    state.most = Math.max(state.most, (state.running += 1));
    const parameters = new URL(url, base).searchParams;
    const after = parameters.get('after');
    const page = Number(parameters.get('page') ?? 1);
    if (page > 1 && after === null && byNumber === 'refused') throw new SyncError('GITHUB_BAD_ANSWER', '422');
    const numbered = byNumber === 'ignored' ? 0 : 100 * (page - 1);
    const start = after === null ? numbered : list.filter((number) => number <= Number(after)).length;
    const data = list.slice(start, start + 100).map((number) => ({ id: 7000 + number, number }));
    const more = start + 100 < list.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
    state.running -= 1;
    const next = more ? `${base}?per_page=100&after=${data.at(-1)?.number}&page=${page + 1}` : null;
    return { status: 200, data, links: { next, last: null }, date: '2026-01-01T00:00:00.000Z', url };
  }
  const session = readingSession(base, get);
  return { session, asked, state, list };
}

const issues = z.array(z.object({ number: z.number() }));

async function readAll(session: GitHubSession, rows: number | null): Promise<number[]> {
  const found: number[] = [];
  const read = pages(session, `${base}?per_page=100`, { stable: true, rows }, ({ answer }) =>
    issues.parse(answer.data),
  );
  for await (const page of read) found.push(...page.map(({ number }) => number));
  return found;
}

function removeOne(list: number[]): void {
  list.splice(list.indexOf(50), 1);
}

const upTo = (count: number) => Array.from({ length: count }, (_one, at) => at + 1);

describe('a list of issues whose rows GitHub counted', () => {
  it('is read side by side, each page once', async () => {
    const { session, asked, state } = issueList({ numbers: upTo(1234) });
    expect(await readAll(session, 1234)).toEqual(upTo(1234));
    expect(asked).toHaveLength(13);
    expect(state.most).toBe(8);
  });

  it.each([1, 900, 1300, 20_000])('is read to its end when %i were counted of 1,234', async (rows) => {
    const { session } = issueList({ numbers: upTo(1234) });
    expect(await readAll(session, rows)).toEqual(upTo(1234));
  });

  it('is checked by cursors if numbers are missing between two pages', async () => {
    const numbers = upTo(900).filter((number) => number !== 101 && number !== 301);
    const { session, asked } = issueList({ numbers });
    expect(await readAll(session, numbers.length)).toEqual(numbers);
    expect(asked).toHaveLength(10);
  });

  it.each([3, 5, 8])('is complete after a deletion before its request %i', async (at) => {
    const { session } = issueList({ numbers: upTo(1000), before: { [at]: removeOne } });
    const found = await readAll(session, 1000);
    expect(new Set(found)).toEqual(new Set(upTo(1000)));
  });

  it.each(['ignored', 'refused'] as const)('is read by cursors where `page=` is %s', async (byNumber) => {
    const { session } = issueList({ numbers: upTo(777), byNumber });
    expect(await readAll(session, 777)).toEqual(upTo(777));
  });

  it('is not read from page 100 on, which GitHub refuses', async () => {
    const { session, asked } = issueList({ numbers: upTo(10_050) });
    expect(await readAll(session, 10_050)).toEqual(upTo(10_050));
    expect(asked.filter((query) => query.endsWith('&page=100') && !query.includes('after='))).toEqual([]);
  });
});
