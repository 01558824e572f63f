import { SyncError } from '../../errors.ts';
import { arrived, type ArrivedPage } from './arrived-page.ts';
import { countedPages } from './counted-pages.ts';
import { readAhead } from './read-ahead.ts';
import type { GitHubSession } from '../session/session.ts';
import { getPage } from './get-page.ts';
import { endlessElement } from './unreadable.ts';
import type { Page } from './page.ts';

/** Beyond this GitHub refuses `page=` in large lists and requires its cursors (422). */
const DEEPEST_PAGE = 100;
/** GitHub never sends consecutive empty pages; a list that does is endless. */
const EMPTY_PAGES = 3;

export interface PagesOptions<Content = unknown> {
  /** false for a list whose order changes while it is read: then pages are read one after the other */
  stable: boolean;
  /** statuses that are answers here, not errors */
  allow?: readonly number[];
  /** how many rows GitHub counted, for a list sorted by creation; null if unknown */
  rows?: number | null;
  /** how to continue a list without following its own links; read one page after the other */
  onward?: (url: string, content: Content, next: string | null) => string | null;
}

/**
 * The pages of a list in order, as `read` extracts them. If a list names its last page by number, or GitHub
 * counted its rows, several pages are read at a time; any other list follows `Link: next`. A page that GitHub
 * cannot produce is requested in smaller parts (`getPage`). A list that loops ends there with an unknown
 * element: what it showed is kept, and what it lacks does not count as absent.
 *
 * @param first path with `per_page=100`, or a URL where an earlier reading stopped
 * @param read extracts what is needed from each page as it arrives; nothing else is kept
 * @throws SyncError
 */
export async function* pages<Content>(
  session: GitHubSession,
  first: string,
  { stable, allow = [], rows = null, onward = (_url, _content, next) => next }: PagesOptions<Content>,
  read: (page: Page) => Content,
): AsyncGenerator<Content> {
  const leadsBack = createCircleGuard();
  const get = async (url: string) => arrived(await getPage(session, url, allow), read);
  const head = await get(first);
  leadsBack(head);
  yield head.content;
  const following = ({ url, content, links }: ArrivedPage<Content>) => onward(url, content, links.next);
  let next = following(head);
  const { last } = head.links;
  if (stable && next !== null && last !== null) {
    const numbered = numberedPages(next, last);
    const jobs = numbered.map((url) => () => get(url));
    for await (const page of readAhead(numbered.length > 1 ? jobs : [])) {
      if (leadsBack(page)) {
        yield endOf(page, read);
        return;
      }
      yield page.content;
      // Rows appended in the meantime are on pages after the former last one.
      next = page.links.next;
    }
  } else if (stable && next !== null && rows !== null) {
    next = yield* countedPages(head, rows, get);
  }
  while (next !== null) {
    const page = await get(next);
    if (leadsBack(page)) {
      yield endOf(page, read);
      return;
    }
    yield page.content;
    next = following(page);
  }
}

/** @throws SyncError GITHUB_BAD_ANSWER if the list has no elements that could be missed */
function endOf<Content>({ url, emptied }: ArrivedPage<Content>, read: (page: Page) => Content): Content {
  const end = endlessElement(new URL(url, BASE).pathname);
  if (emptied === null) throw new SyncError('GITHUB_BAD_ANSWER', end.reason);
  const answer = { ...emptied, links: { next: null, last: null } };
  return read({ url, answer, holes: [end], broken: false });
}

/**
 * The URLs from `next` to `last` if both have page numbers, else none. A cursor beside the number (lists of
 * issues) is valid only for the next page.
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

/** Detects a page that is repeated, by its address or its rows. */
export function createCircleGuard(): (
  page: Pick<ArrivedPage<unknown>, 'url' | 'ends' | 'isEmpty'>,
) => boolean {
  const seen = new Set<string>();
  const met = new Set<string>();
  let empty = 0;
  return ({ url, ends, isEmpty }) => {
    empty = isEmpty ? empty + 1 : 0;
    const again = seen.has(url) || met.has(ends) || empty > EMPTY_PAGES;
    seen.add(url);
    if (ends !== '') met.add(ends);
    return again;
  };
}

/** Only for the path of an address without a host. */
const BASE = 'http://github.invalid';
