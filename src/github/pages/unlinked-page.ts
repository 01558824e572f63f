import type { GitHubServer } from '../session/server.ts';
import type { Answer } from '../session/answer.ts';
import { itemsOf } from './page-items.ts';
import { learnLength, mayBeLimited } from './page-limits.ts';
import { hasCursor, pageNumberOf, sizeOf, withPage } from './page-urls.ts';

/** Continued by cursors alone: a page number means nothing there. */
const CURSOR_ONLY = /\/hook\/deliveries\?/;

/**
 * Where a list continues if an answer has no `Link` header at all, as behind a proxy that passes on only some
 * headers: on the page with the next number, if this one is full, or as long as the server may let a page be. GitHub
 * itself omits the header only for a list of a single page
 * (https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api), so that one of exactly a page
 * costs a request more.
 *
 * @param url of the page, with its size
 * @returns the answer, with the next page among its links if there may be one
 */
export function withUnlinkedPage(server: GitHubServer, url: string, answer: Answer): Answer {
  const length = itemsOf(answer.data)?.length;
  if (answer.status !== 200 || length === undefined || hasCursor(url) || CURSOR_ONLY.test(url)) return answer;
  const size = sizeOf(url);
  const isFirst = pageNumberOf(url) === 1;
  const isLinked = answer.links.isMissing !== true;
  learnLength(server, url, length, isFirst || isLinked);
  const isLimited = isFirst && length < size && mayBeLimited(server, url, length);
  if (isLinked || (length !== size && !isLimited)) return answer;
  // After a redirect the rest is requested where the list is now.
  const from = sizeOf(answer.url) === size ? answer.url : url;
  return { ...answer, links: { ...answer.links, next: withPage(from, length, pageNumberOf(url) + 1) } };
}
