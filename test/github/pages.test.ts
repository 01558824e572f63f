import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { SyncError } from '../../src/errors.ts';
import { pages } from '../../src/github/pages/pages.ts';
import type { Patience } from '../../src/github/session/sender.ts';
import type { GitHubSession } from '../../src/github/session/session.ts';
import { UnreadableBody } from '../../src/github/session/unreadable-body.ts';
import { readingSession } from '../support/reading-session.ts';
import type { Page } from '../../src/github/pages/page.ts';

const base = 'https://api.github.com/repositories/1/issues';

interface Options {
  rows: number;
  /** pages larger than this fail */
  largest?: number;
  cursors?: boolean;
  wrapped?: boolean;
  /** without `Link` headers, and no page is longer, whatever is requested */
  limit?: number;
  /** elements that spoil every page they are on, and how */
  holes?: readonly number[];
  fault?: SyncError;
}

/** A list of numbers, paged as GitHub does; `asked` has the URLs in order, `most` how many at once. */
function fakeList(options: Options) {
  const { rows, largest = 100, cursors = false, wrapped = false, holes = [], limit } = options;
  const { fault = new SyncError('GITHUB_UNAVAILABLE', '502') } = options;
  const asked: string[] = [];
  const state = { running: 0, most: 0, rows };
  async function get(url: string, _allow?: readonly number[], patience?: Patience) {
    asked.push(url);
    state.most = Math.max(state.most, (state.running += 1));
    await new Promise((resolve) => setTimeout(resolve, 1));
    state.running -= 1;
    const parameters = new URL(url, base).searchParams;
    const size = Math.min(limit ?? 100, Number(parameters.get('per_page')));
    const after = parameters.get('after');
    const start = after === null ? (Number(parameters.get('page') ?? 1) - 1) * size : Number(after);
    if (size > largest || holes.some((hole) => hole >= start && hole < start + size)) {
      // As the client does before it gives up.
      for (let retries = patience?.retries ?? 2; retries > 0; retries -= 1) asked.push(url);
      throw fault;
    }
    const items = Array.from(
      { length: Math.max(0, Math.min(size, state.rows - start)) },
      (_one, at) => start + at,
    );
    const more = start + size < state.rows;
    const at = (where: string) => `${base}?per_page=${size}&${where}`;
    const next = more ? at(cursors ? `after=${start + size}` : `page=${start / size + 2}`) : null;
    const last = cursors || !more ? null : at(`page=${Math.ceil(state.rows / size)}`);
    const links = limit === undefined ? { next, last } : { next: null, last: null, isMissing: true };
    const data = wrapped ? { total_count: state.rows, repositories: items } : items;
    return { status: 200, data, links, date: '2026-01-01T00:00:00.000Z', url };
  }
  const session = readingSession(base, get);
  return { session, asked, state };
}

const numbers = z.array(z.number());
const list = z.union([
  numbers,
  z.object({ repositories: numbers }).transform(({ repositories }) => repositories),
]);

function itemsOf(data: unknown): number[] {
  return list.parse(data);
}

const whole = (page: Page) => page;

async function readAll(session: GitHubSession, stable = true): Promise<number[]> {
  const found: number[] = [];
  for await (const { answer } of pages(session, `${base}?per_page=100`, { stable }, whole)) {
    found.push(...itemsOf(answer.data));
  }
  return found;
}

/** What a list shows, and how much of it could not be had. */
async function readWithHoles(session: GitHubSession): Promise<[number[], number]> {
  const found: number[] = [];
  let lacking = 0;
  for await (const { answer, holes } of pages(session, `${base}?per_page=100`, { stable: true }, whole)) {
    found.push(...itemsOf(answer.data));
    lacking += holes.length;
  }
  return [found, lacking];
}

function answer(data: unknown, next: string) {
  return () => Promise.resolve({ status: 200, data, links: { next, last: null }, date: '', url: base });
}

const upTo = (count: number) => Array.from({ length: count }, (_one, at) => at);

describe('pages', () => {
  it.each([0, 1, 100, 101, 250, 1234])(
    'come in order, read side by side, each asked for once: %i rows',
    async (rows) => {
      const { session, asked, state } = fakeList({ rows });
      expect(await readAll(session)).toEqual(upTo(rows));
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked).toHaveLength(Math.max(1, Math.ceil(rows / 100)));
      expect(state.most).toBeLessThanOrEqual(8);
    },
  );

  it('are read one after another if the list changes its order', async () => {
    const { session, state } = fakeList({ rows: 900 });
    await readAll(session, false);
    expect(state.most).toBe(1);
  });

  it('follow the links if they have cursors', async () => {
    const { session, asked } = fakeList({ rows: 750, cursors: true });
    expect(await readAll(session)).toEqual(upTo(750));
    expect(asked).toHaveLength(8);
  });

  it('include rows appended while they are read', async () => {
    const { session, state } = fakeList({ rows: 300 });
    const found: number[] = [];
    for await (const { answer } of pages(session, `${base}?per_page=100`, { stable: true }, whole)) {
      found.push(...itemsOf(answer.data));
      if (found.length === 100) state.rows = 520;
    }
    expect(found).toEqual(upTo(520));
  });

  it.each([50, 30, 10])('shrink when they are too large above %i rows', async (largest) => {
    for (const cursors of [false, true]) {
      for (const wrapped of [false, true]) {
        const { session } = fakeList({ rows: 330, largest, cursors, wrapped });
        expect(await readAll(session)).toEqual(upTo(330));
      }
    }
  });

  it.each([
    [30, 70],
    [30, 60],
    [30, 30],
    [25, 130],
    [50, 51],
    [100, 330],
  ])('without links are read to their end if none is longer than %i: %i rows', async (limit, rows) => {
    const { session, asked } = fakeList({ rows, limit });
    for (let times = 0; times < 5; times += 1) expect(await readAll(session)).toEqual(upTo(rows));
    expect(asked.length).toBeLessThanOrEqual(5 * (Math.floor(rows / limit) + 1));
  });

  it('without links are requested in vain a few times only', async () => {
    const { session, asked } = fakeList({ rows: 40, limit: 100 });
    for (let times = 0; times < 50; times += 1) expect(await readAll(session)).toEqual(upTo(40));
    expect(asked.length).toBeLessThan(60);
  });

  it('are an error when they fail however small', async () => {
    const { session, asked } = fakeList({ rows: 330, largest: 0 });
    await expect(readAll(session)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(asked.length).toBeLessThanOrEqual(15);
    // Again a moment later: nothing but the page itself is tried.
    asked.length = 0;
    await expect(readAll(session)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(asked).toHaveLength(1);
  });

  it.each([0, 1, 2, 3])('are skipped as a whole if nothing of page %i is available', async (page) => {
    const dead = upTo(100).map((at) => page * 100 + at);
    for (const wrapped of [false, true]) {
      const { session, asked } = fakeList({ rows: 330, wrapped, holes: dead });
      const [found, lacking] = await readWithHoles(session);
      expect(found).toEqual(upTo(330).filter((row) => !dead.includes(row)));
      expect(lacking).toBe(100);
      const others = 4;
      expect(asked.length).toBeLessThanOrEqual(others + 15);
      asked.length = 0;
      expect(await readWithHoles(session)).toEqual([found, 100]);
      expect(asked.length).toBeLessThanOrEqual(others + 1);
    }
  });

  it('are read whole again as soon as GitHub can produce them', async () => {
    const holes = [...upTo(100)];
    const { session } = fakeList({ rows: 330, holes });
    expect((await readWithHoles(session))[0]).toHaveLength(230);
    holes.length = 0;
    expect(await readWithHoles(session)).toEqual([upTo(330), 0]);
  });

  it.each([
    [[0]],
    [[99]],
    [[17, 18]],
    [[0, 50, 99, 250]],
    [[15, 16, 17, 18, 19]],
    [[325, 326, 327, 328, 329]],
    [[...upTo(20)]],
    [upTo(330).filter((row) => row % 15 === 0)],
  ])('step over the elements that spoil them: %j', async (holes) => {
    for (const wrapped of [false, true]) {
      const { session, asked } = fakeList({ rows: 330, wrapped, holes });
      expect(await readAll(session)).toEqual(upTo(330).filter((row) => !holes.includes(row)));
      expect(asked.length).toBeLessThan(4 + 22 * holes.length);
    }
  });

  it('are assembled from smaller ones if they are too long, or arrive corrupt', async () => {
    const { session } = fakeList({ rows: 330, holes: [17], fault: new UnreadableBody('no JSON') });
    expect(await readAll(session)).toEqual(upTo(330).filter((row) => row !== 17));
  });

  it('are stepped over soon when most of their elements fail', async () => {
    const { session, asked } = fakeList({ rows: 330, holes: upTo(97) });
    const [found, lacking] = await readWithHoles(session);
    expect(found).toEqual(upTo(330).slice(100));
    expect(lacking).toBe(100);
    expect(asked.length).toBeLessThan(30);
  });

  it('say where a cursor list breaks off, and how many are missing', async () => {
    const { session } = fakeList({ rows: 330, cursors: true, holes: [50, 250] });
    const ends: [number, boolean][] = [];
    for await (const { holes, broken } of pages(session, `${base}?per_page=100`, { stable: true }, whole))
      ends.push([holes.length, broken]);
    expect(ends).toEqual([
      [1, false],
      [0, false],
      [1, true],
    ]);
  });

  it('end with an unknown element if they loop or never end; what they showed is kept', async () => {
    const circle = { ...fakeList({ rows: 0 }).session };
    let page = 0;
    const lists: [GitHubSession['get'], number[]][] = [
      [answer([1], `${base}?per_page=100`), [1]],
      [answer([1], `${base}?page=2`), [1]],
      [() => answer([], `${base}?page=${(page += 1)}`)(), []],
      // The same two pages by turns, under cursors that never come again.
      [() => answer([page % 2], `${base}?after=${(page += 1)}`)(), [0, 1]],
    ];
    for (const [get, expected] of lists) {
      const found: number[] = [];
      let lacking = 0;
      const list = pages({ ...circle, get }, `${base}?per_page=100`, { stable: true }, whole);
      for await (const { answer: shown, holes } of list) {
        found.push(...itemsOf(shown.data));
        lacking += holes.length;
      }
      expect([found.toSorted((a, b) => a - b), lacking]).toEqual([expected, 1]);
    }
  });

  it('end if the same elements are repeated in another form', async () => {
    let asked = 0;
    const get = () => {
      asked += 1;
      const commits = [
        { sha: 'a', tree: asked },
        { sha: 'b', tree: asked },
      ];
      return answer(commits, `${base}?after=${asked}`)();
    };
    const list = pages(
      { ...fakeList({ rows: 0 }).session, get },
      `${base}?per_page=100`,
      { stable: true },
      whole,
    );
    const lacking: number[] = [];
    for await (const { holes } of list) lacking.push(holes.length);
    expect(lacking).toEqual([0, 1]);
  });
});
