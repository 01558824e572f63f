import { SyncError } from '../../errors.ts';
import type { ArrivedPage } from './arrived-page.ts';
import { readAhead } from './read-ahead.ts';

/** GitHub answers `page=` up to here, also where it shows cursors alone. */
const LAST_NUMBERED = 99;

/**
 * The pages behind the first one of a list that shows cursors alone (issues, since 2025), as many as its rows make: asked for
 * by number, side by side. A deletion shifts what numbers mean, and cursors not: a page is believed where its first
 * element has the number after the last one of the page before, and else held against what that page's cursor leads to.
 *
 * @param rows how many GitHub counted; only tells how many pages to ask for
 * @param get asks for a page
 * @returns where the list continues by its cursors: behind the last page that was believed
 */
export async function* countedPages<Content>(
  head: ArrivedPage<Content>,
  rows: number,
  get: (url: string) => Promise<ArrivedPage<Content>>,
): AsyncGenerator<Content, string | null> {
  let last = head;
  let previous = Promise.resolve(head);
  const jobs = urlsOf(head, rows).map((url) => async () => {
    const before = previous;
    const page = get(url);
    previous = page;
    const [one, other] = await Promise.all([before, page]);
    return { page: other, believed: follows(one, other) || (await isNext(one, other, get)) };
  });
  try {
    for await (const { page, believed } of readAhead(jobs)) {
      if (!believed) break;
      yield page.content;
      last = page;
    }
  } catch (error) {
    // What is unavailable by number may be available by cursor, and else fails there.
    if (!(error instanceof SyncError)) throw error;
  }
  return last.links.next;
}

/** The second page and so on by their numbers; none where the first one does not lead on by a cursor. */
function urlsOf({ url, links: { next } }: ArrivedPage<unknown>, rows: number): string[] {
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
function follows({ last }: ArrivedPage<unknown>, { first }: ArrivedPage<unknown>): boolean {
  const number = last?.number ?? null;
  return number !== null && first?.number === number + 1;
}

/** Whether the cursor of a page leads to the other one. */
async function isNext<Content>(
  { links: { next } }: ArrivedPage<Content>,
  { first }: ArrivedPage<Content>,
  get: (url: string) => Promise<ArrivedPage<Content>>,
): Promise<boolean> {
  const id = first?.id ?? null;
  if (next === null || id === null) return false;
  return (await get(next)).first?.id === id;
}
