import { z } from 'zod';
import { SyncError } from '../errors.ts';
import type { Answer, GitHubSession } from './session.ts';

/** Pages asked for side by side; the installation's limiter bounds all of its lists together. */
const WINDOW = 8;
/** From here on GitHub refuses `page=` in large lists and wants its cursors (422). */
const DEEPEST_PAGE = 100;
/** Each divides the one before: a page is put together from whole smaller ones. */
const PAGE_SIZES = [100, 50, 25, 5];

export interface Page {
  answer: Answer;
  /** where this page came from: a walk that was interrupted starts here again */
  url: string;
}

/**
 * The pages of a list in order. A list that names its last page by number is read `WINDOW` pages at a time;
 * any other by following `Link: next`. A page that GitHub cannot make in time (502, 504) is asked for smaller.
 *
 * @param first path with `per_page=100`, or a URL where an earlier walk stopped
 * @param stable false for a list whose order changes while it is read: then one page after the other
 */
export async function* pages(
  session: GitHubSession,
  first: string,
  stable: boolean,
  allow: readonly number[] = [],
): AsyncGenerator<Page> {
  const head = await getPage(session, first, allow);
  yield head;
  let { next } = head.answer.links;
  const numbered = stable && next !== null ? numberedPages(next, head.answer.links.last) : [];
  if (numbered.length > 1) {
    const underWay: Promise<Page>[] = [];
    for (let index = 0; index < numbered.length; index += 1) {
      while (underWay.length < WINDOW && index + underWay.length < numbered.length) {
        const page = getPage(session, numbered[index + underWay.length] ?? '', allow);
        // A page that fails while an earlier one is still awaited must not count as unhandled.
        page.catch(() => undefined);
        underWay.push(page);
      }
      const page = await underWay.shift();
      if (page) {
        yield page;
        // What was appended meanwhile comes after the page that was the last.
        next = page.answer.links.next;
      }
    }
  }
  while (next !== null) {
    const page = await getPage(session, next, allow);
    yield page;
    next = page.answer.links.next;
  }
}

/**
 * The URLs from `next` to `last` when both are told by page number, else none. A cursor beside the number
 * (lists of issues) belongs to the next page alone.
 */
function numberedPages(next: string, last: string | null): string[] {
  if (last === null) return [];
  const from = new URL(next);
  const to = new URL(last);
  const start = Number(from.searchParams.get('page'));
  const end = Math.min(Number(to.searchParams.get('page')), DEEPEST_PAGE);
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 2) return [];
  return Array.from({ length: Math.max(0, end - start + 1) }, (_, index) => {
    const url = new URL(next);
    for (const cursor of ['after', 'before']) url.searchParams.delete(cursor);
    url.searchParams.set('page', String(start + index));
    return url.href;
  });
}

async function getPage(session: GitHubSession, url: string, allow: readonly number[]): Promise<Page> {
  try {
    return { url, answer: await session.get(url, allow) };
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'GITHUB_UNAVAILABLE') throw error;
    return { url, answer: await getSmaller(session, url, allow, error) };
  }
}

/** One page put together from smaller ones: the same rows, the same next page. */
async function getSmaller(
  session: GitHubSession,
  url: string,
  allow: readonly number[],
  reason: SyncError,
): Promise<Answer> {
  const size = Number(/[?&]per_page=(\d+)/.exec(url)?.[1]);
  const page = Number(/[?&]page=(\d+)/.exec(url)?.[1] ?? 1);
  const smaller = PAGE_SIZES.find((candidate) => candidate < size && size % candidate === 0);
  if (smaller === undefined) throw reason;
  const parts: Answer[] = [];
  const pieces = size / smaller;
  let next: string | null = withPage(url, smaller, (page - 1) * pieces + 1);
  for (let index = 0; index < pieces && next !== null; index += 1) {
    const part: Answer = (await getPage(session, next, allow)).answer;
    if (itemsOf(part.data) === null) throw reason;
    parts.push(part);
    next = part.links.next;
  }
  const [head] = parts;
  if (!head) throw reason;
  // Goes on in the smaller size when more is left: following GitHub's own link is always right.
  const items = parts.flatMap((part) => itemsOf(part.data) ?? []);
  return { ...head, data: withItems(head.data, items), links: { next, last: null } };
}

/** The rows of a page: the answer itself, or, beside their `total_count`, one field of it. */
const wrapped = z.object({ repositories: z.array(z.unknown()) });

function itemsOf(data: unknown): unknown[] | null {
  return Array.isArray(data) ? data : (wrapped.safeParse(data).data?.repositories ?? null);
}

function withItems(data: unknown, items: unknown[]): unknown {
  return Array.isArray(data) || data === null || typeof data !== 'object'
    ? items
    : { ...data, repositories: items };
}

function withPage(url: string, perPage: number, page: number): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('per_page', String(perPage));
  // Beside a cursor the page number means nothing: the cursor alone tells where the smaller page starts.
  if (page > 1 && !parameters.has('after')) parameters.set('page', String(page));
  return `${path}?${parameters.toString()}`;
}
