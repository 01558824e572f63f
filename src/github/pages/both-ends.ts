import { SyncError } from '../../errors.ts';
import { pages, type PagesOptions } from './pages.ts';
import type { GitHubSession } from '../session/session.ts';
import type { Page } from './page.ts';

/**
 * The pages of a list in a stable order. If GitHub cannot answer an element and only that element's cursor
 * would lead on, the rest is read from the other end.
 *
 * @param read extracts what is needed from each page as it arrives
 * @throws SyncError GITHUB_UNAVAILABLE if the two ends do not meet
 */
export async function* pagesFromBothEnds<Content>(
  session: GitHubSession,
  first: string,
  options: Omit<PagesOptions, 'stable'>,
  read: (page: Page) => Content,
): AsyncGenerator<Content> {
  const back = fromTheOtherEnd(first);
  const before: number[] = [];
  for await (const page of pages(session, first, { ...options, stable: true }, readForwards)) {
    before.push(...page.numbers);
    yield page.content;
    if (!page.broken) continue;
    let behind: number | undefined;
    let isBroken = back === null;
    for await (const other of back === null ? [] : pages(session, back, { stable: true }, readPage)) {
      behind = other.numbers.at(-1) ?? behind;
      isBroken = other.broken;
      yield other.content;
    }
    if (isBroken && !meets(before, behind))
      throw new SyncError('GITHUB_UNAVAILABLE', 'the middle of a list cannot be read');
    return;
  }

  function readPage(page: Page) {
    return { content: read(page), numbers: numbersIn(page), broken: page.broken };
  }

  /** A list that breaks off continues at its other end. */
  function readForwards(page: Page) {
    if (!page.broken) return readPage(page);
    return readPage({ ...page, answer: { ...page.answer, links: { ...page.answer.links, next: back } } });
  }
}

/** If the numbers are at most this far apart, a few elements are missing; otherwise a part of the list is. */
const WIDEST_HOLE = 6;

/**
 * Whether a list that was read from both ends is complete, except for the elements that GitHub could not
 * answer.
 */
function meets(before: readonly number[], behind: number | undefined): boolean {
  const last = before.at(-1);
  if (last === undefined || behind === undefined) return false;
  return before.includes(behind) || Math.abs(behind - last) <= WIDEST_HOLE;
}

/** The identities of the elements: their numbers, else their ids. */
function numbersIn({ answer }: Page): number[] {
  const list: unknown[] = Array.isArray(answer.data) ? answer.data : [];
  return list.flatMap((element) => {
    if (typeof element !== 'object' || element === null) return [];
    const found: unknown = Reflect.get(element, 'number') ?? Reflect.get(element, 'id');
    return typeof found === 'number' ? [found] : [];
  });
}

/** The same list in reverse order, from its beginning; null if it is already read in that order. */
function fromTheOtherEnd(url: string): string | null {
  if (!url.includes('direction=asc')) return null;
  const [path = '', query = ''] = url.replace('direction=asc', 'direction=desc').split('?');
  const parameters = new URLSearchParams(query);
  for (const name of ['after', 'before', 'page']) parameters.delete(name);
  return `${path}?${parameters.toString()}`;
}
