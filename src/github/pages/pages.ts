import { SyncError } from '../../errors.ts';
import { countedPages } from './counted-pages.ts';
import { readAhead } from './read-ahead.ts';
import type { GitHubSession } from '../session/session.ts';
import { getPage, itemsOf, type Page } from './shrink-page.ts';

/** From here on GitHub refuses `page=` in large lists and wants its cursors (422). */
const DEEPEST_PAGE = 100;
/** GitHub never sends empty pages one after the other; a list that does is one without an end. */
const EMPTY_PAGES = 3;

/**
 * The pages of a list in order. A list that names its last page by number, or whose rows GitHub counted, is read several
 * pages at a time; any other by following `Link: next`. A page that GitHub cannot make is asked for smaller (`getPage`).
 *
 * @param first path with `per_page=100`, or a URL where an earlier walk stopped
 * @throws SyncError GITHUB_BAD_ANSWER for a list that leads in a circle
 * @param stable false for a list whose order changes while it is read: then one page after the other
 * @param rows how many GitHub counted of a list in the order of creation; null where that is unknown
 */
export async function* pages(
  session: GitHubSession,
  first: string,
  stable: boolean,
  allow: readonly number[] = [],
  rows: number | null = null,
): AsyncGenerator<Page> {
  const assertOnward = createCircleGuard();
  const head = await getPage(session, first, allow);
  assertOnward(head);
  yield head;
  let { next } = head.answer.links;
  const { last } = head.answer.links;
  if (stable && next !== null && last !== null) {
    const numbered = numberedPages(next, last);
    const jobs = numbered.map((url) => () => getPage(session, url, allow));
    for await (const page of readAhead(numbered.length > 1 ? jobs : [])) {
      assertOnward(page);
      yield page;
      // What was appended meanwhile comes after the page that was the last.
      next = page.answer.links.next;
    }
  } else if (stable && next !== null && rows !== null) {
    next = yield* countedPages(session, head, rows, allow);
  }
  while (next !== null) {
    const page = await getPage(session, next, allow);
    assertOnward(page);
    yield page;
    next = page.answer.links.next;
  }
}

/**
 * The URLs from `next` to `last` when both are told by page number, else none. A cursor beside the number
 * (lists of issues) belongs to the next page alone.
 */
function numberedPages(next: string, last: string): string[] {
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

/** Throws when a page comes a second time, under its address or with the rows of the one before. */
export function createCircleGuard(): (page: Page) => void {
  const seen = new Set<string>();
  let before = '';
  let empty = 0;
  return ({ url, answer, holes }) => {
    const items = itemsOf(answer.data);
    const rows = items === null || items.length === 0 ? '' : JSON.stringify([items[0], items.at(-1)], plain);
    empty = items?.length === 0 && holes.length === 0 ? empty + 1 : 0;
    const again = seen.has(url) || (rows !== '' && rows === before) || empty > EMPTY_PAGES;
    if (again)
      throw new SyncError('GITHUB_BAD_ANSWER', `${new URL(url, BASE).pathname}: its pages have no end`);
    seen.add(url);
    before = rows;
  };
}

/** Only for the path of an address that has no host yet. */
const BASE = 'http://github.invalid';

/** Octokit answers a bigint where a number would lose digits. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
