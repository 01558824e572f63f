import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { tags } from '../../src/entities/tags.ts';
import { SyncError } from '../../src/errors.ts';
import { pullRequestCounts } from '../../src/github/graphql/pull-request-counts.ts';
import { listConnection } from '../../src/github/graphql/connections.ts';
import { readingSession } from '../support/reading-session.ts';

const nobody = () => Promise.reject(new Error('not asked for here'));
const variablesOf = z.object({ first: z.number(), after: z.string().nullable() });

interface Options {
  /** tags without which no page that would show them comes */
  broken?: readonly number[];
  /** as GitHub fails */
  fault?: SyncError;
  /** what it says of where a page that ends at a place continues */
  continues?: (end: number) => { hasNextPage: boolean; endCursor: string | null };
  /** stops being asked after so many pages, and resumes where that was */
  stopAfter?: number;
}

/** Those of the last reading. */
let questions: string[] = [];

/** Reads a connection of so many tags; the names that came, what was lacking, and how many questions that took. */
async function readTags(
  count: number,
  { broken = [], fault, continues, stopAfter = Infinity }: Options = {},
): Promise<{ names: string[]; lacking: number; asked: number }> {
  const all = Array.from({ length: count }, (_one, at) => ({
    name: `t${String(at).padStart(4, '0')}`,
    target: { oid: String(at) },
  }));
  questions = [];
  const session = {
    ...readingSession('https://api.github.com', nobody),
    graphql: (query: string, variables: Record<string, unknown>) => {
      questions.push(query);
      const { first, after } = variablesOf.parse(variables);
      const isBack = query.includes('last: $first');
      const start = isBack
        ? Math.max(0, Number(after ?? count) - first)
        : after === null
          ? 0
          : Number(after) + 1;
      const end = isBack ? Number(after ?? count) : Math.min(count, start + first);
      if (broken.some((at) => at >= start && at < end))
        return Promise.reject(fault ?? new SyncError('GITHUB_UNAVAILABLE', '502'));
      const pageInfo = isBack
        ? { hasPreviousPage: start > 0, startCursor: String(start) }
        : (continues?.(end) ?? { hasNextPage: end < count, endCursor: String(end - 1) });
      const data = { data: { node: { refs: { pageInfo, nodes: all.slice(start, end) } } } };
      const links = { next: null, last: null };
      return Promise.resolve({ status: 200, data, links, date: '2026-01-01T00:00:00.000Z', url: '' });
    },
  };
  const names = new Set<string>();
  let lacking = 0;
  let from: string | undefined;
  for (let stopped = true; stopped;) {
    stopped = false;
    let pages = 0;
    for await (const page of listConnection(session, 'R_1', tags, from)) {
      for (const { name } of page.rows) names.add(name);
      lacking += page.unreadable.length;
      from = page.next ?? undefined;
      pages += 1;
      stopped = from !== undefined && pages >= stopAfter;
      if (stopped) break;
    }
  }
  return { names: [...names].toSorted(), lacking, asked: questions.length };
}

const upTo = (count: number) =>
  Array.from({ length: count }, (_one, at) => `t${String(at).padStart(4, '0')}`);

describe('a connection', () => {
  it.each([0, 1, 100, 101, 250])('is read in order, each page once, with %i elements', async (count) => {
    const read = await readTags(count);
    expect(read).toEqual({ names: upTo(count), lacking: 0, asked: Math.max(1, Math.ceil(count / 100)) });
  });

  it.each([
    [0, 330],
    [329, 330],
    [117, 330],
    [3, 5],
  ])(
    'is read from both ends around element %i of %i, which breaks every page that contains it',
    async (hole, count) => {
      for (const fault of [undefined, new SyncError('GITHUB_BAD_ANSWER', 'RESOURCE_LIMITS_EXCEEDED')]) {
        for (const stopAfter of [1, Infinity]) {
          const read = await readTags(count, { broken: [hole], stopAfter, ...(fault && { fault }) });
          expect([read.names, read.lacking]).toEqual([upTo(count).toSpliced(hole, 1), 1]);
          expect(read.asked).toBeLessThan(45);
        }
      }
    },
  );

  it('shows what is before the first and after the last of several elements that break their pages', async () => {
    const { names, lacking } = await readTags(330, { broken: [40, 41, 200] });
    expect(names).toEqual(upTo(330).filter((_name, at) => at < 40 || at > 200));
    expect(lacking).toBe(1);
  });

  it('fails soon if nothing of it is available', async () => {
    const all = Array.from({ length: 330 }, (_one, at) => at);
    await expect(readTags(330, { broken: all })).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(questions.length).toBeLessThan(12);
  });

  it.each<[string, NonNullable<Options['continues']>, number]>([
    ['leads to itself', () => ({ hasNextPage: true, endCursor: '99' }), 200],
    ['has empty pages and no end', (end) => ({ hasNextPage: true, endCursor: String(end - 1) }), 250],
    ['has a next page and no cursor', () => ({ hasNextPage: true, endCursor: null }), 100],
  ])('that %s ends with an unknown element; what it showed is kept', async (_what, continues, shown) => {
    const { names, lacking, asked } = await readTags(250, { continues });
    expect([names, lacking]).toEqual([upTo(shown), 1]);
    expect(asked).toBeLessThan(9);
  });
});

function countsOf(pages: (first: number, asked: number) => unknown[] | SyncError) {
  let asked = 0;
  const session = {
    ...readingSession('https://api.github.com', nobody),
    graphql: (_query: string, variables: Record<string, unknown>) => {
      asked += 1;
      const shown = pages(variablesOf.parse(variables).first, asked);
      if (shown instanceof SyncError) return Promise.reject(shown);
      const pageInfo = { hasNextPage: true, endCursor: `c${asked}` };
      const data = { data: { node: { pullRequests: { pageInfo, nodes: shown } } } };
      const links = { next: null, last: null };
      return Promise.resolve({ status: 200, data, links, date: '2026-01-01T00:00:00.000Z', url: '' });
    },
  };
  const counts = pullRequestCounts(session, 'R_1', '2025-01-01T00:00:00Z', 1000);
  return counts.then((found) => ({ found: found.map(({ number }) => number), asked }));
}

const one = (number: number) => ({
  number,
  updatedAt: '2026-01-01T00:00:00Z',
  comments: { totalCount: 1 },
});

describe('the counts of pull requests', () => {
  it.each<[string, unknown[], number[]]>([
    ['has empty pages and no end', [], []],
    ['shows the same ones under every cursor', [one(2), one(1)], [2, 1]],
  ])('end where their list %s', async (_what, nodes, numbers) => {
    const { found, asked } = await countsOf(() => nodes);
    expect([...new Set(found)]).toEqual(numbers);
    expect(asked).toBeLessThan(6);
  });

  it('are returned up to one that cannot be answered even by itself', async () => {
    const fault = new SyncError('GITHUB_UNAVAILABLE', '502');
    const { found, asked } = await countsOf((first, at) => (first > 1 || at > 7 ? fault : [one(100 - at)]));
    expect(found).toEqual([96, 95, 94, 93]);
    expect(asked).toBeLessThan(10);
  });
});
