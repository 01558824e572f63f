import { SyncError } from '../../errors.ts';
import { readAhead } from './read-ahead.ts';
import type { GitHubSession } from '../session/session.ts';
import { getPage, itemsOf, type Page } from './shrink-page.ts';

/** GitHub answers `page=` up to here, also where it shows cursors alone. */
const LAST_NUMBERED = 99;

/**
 * The pages behind the first one of a list that shows cursors alone (issues, since 2025), as many as its rows make: asked for
 * by number, side by side. A deletion shifts what numbers mean, and cursors not: a page is believed where its first
 * element has the number after the last one of the page before, and else held against what that page's cursor leads to.
 *
 * @param rows how many GitHub counted; only tells how many pages to ask for
 * @returns where the list continues by its cursors: behind the last page that was believed
 */
export async function* countedPages(
  session: GitHubSession,
  head: Page,
  rows: number,
  allow: readonly number[],
): AsyncGenerator<Page, string | null> {
  let last = head;
  let previous = Promise.resolve(head);
  const jobs = urlsOf(head, rows).map((url) => async () => {
    const before = previous;
    const page = getPage(session, url, allow);
    previous = page;
    const [one, other] = await Promise.all([before, page]);
    return { page: other, believed: follows(one, other) || (await isNext(session, one, other, allow)) };
  });
  try {
    for await (const { page, believed } of readAhead(jobs)) {
      if (!believed) break;
      yield page;
      last = page;
    }
  } catch (error) {
    // What is unavailable by number may be had by cursor, and else fails there.
    if (!(error instanceof SyncError)) throw error;
  }
  return last.answer.links.next;
}

/** The second page and so on by their numbers; none where the first one does not lead on by a cursor. */
function urlsOf({ url, answer }: Page, rows: number): string[] {
  const { next } = answer.links;
  const begins = !/[?&](after|before|page)=/.test(url);
  if (next === null || !begins || !/[?&]after=/.test(next)) return [];
  const size = Number(new URL(next).searchParams.get('per_page'));
  const pages = size > 0 ? Math.min(Math.ceil(rows / size), LAST_NUMBERED) : 1;
  return Array.from({ length: Math.max(0, pages - 1) }, (_one, at) => {
    const numbered = new URL(next);
    numbered.searchParams.delete('after');
    numbered.searchParams.set('page', String(at + 2));
    return numbered.href;
  });
}

/** Numbers are given in the order of creation, each once: nothing is between two that are neighbours. */
function follows(before: Page, page: Page): boolean {
  const last = field(itemsOf(before.answer.data)?.at(-1), 'number');
  const first = field(itemsOf(page.answer.data)?.[0], 'number');
  return last !== null && first === last + 1;
}

/** Whether the cursor of a page leads to the other one. */
async function isNext(
  session: GitHubSession,
  before: Page,
  page: Page,
  allow: readonly number[],
): Promise<boolean> {
  const { next } = before.answer.links;
  const id = field(itemsOf(page.answer.data)?.[0], 'id');
  if (next === null || id === null) return false;
  return field(itemsOf((await getPage(session, next, allow)).answer.data)?.[0], 'id') === id;
}

function field(element: unknown, name: string): number | null {
  if (typeof element !== 'object' || element === null) return null;
  const value: unknown = Reflect.get(element, name);
  return typeof value === 'number' ? value : null;
}
