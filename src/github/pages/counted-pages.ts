import { SyncError } from '../../errors.ts';
import type { ArrivedPage } from './arrived-page.ts';
import { readAhead } from './read-ahead.ts';

/** GitHub answers `page=` up to here, even for cursor-only lists. */
const LAST_NUMBERED = 99;

/**
 * The pages after the first of a cursor-only list (issues, since 2025), as many as its row count implies:
 * requested by number, concurrently. A deletion shifts page numbers but not cursors: so a page is accepted only
 * if its first element's number follows the last one of the page before; otherwise it is compared with the page
 * that the cursor leads to.
 *
 * @param rows how many GitHub counted; only decides how many pages to request
 * @param get requests a page
 * @returns where the list continues by cursor: after the last accepted page
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
    // A page that is unavailable by number may be available by cursor, and otherwise fails there.
    if (!(error instanceof SyncError)) throw error;
  }
  return last.links.next;
}

/** The second page and so on by number; none if the first one has no cursor to continue. */
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

/** Numbers are assigned in order of creation, each once: nothing lies between two consecutive ones. */
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
