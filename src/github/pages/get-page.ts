import { SyncError } from '../../errors.ts';
import type { Answer } from '../session/answer.ts';
import type { GitHubSession } from '../session/session.ts';
import { UnreadableBody } from '../session/unreadable-body.ts';
import { forgetGivenUp, givenUpPage, rememberGivenUp } from './given-up-pages.ts';
import { itemsOf, withItems } from './page-items.ts';
import { firstElement, hasCursor, pageNumberOf, resized, sizeOf, withPage } from './page-urls.ts';
import { unknownElement, type Unreadable } from './unreadable.ts';
import { withUnlinkedPage } from './unlinked-page.ts';
import type { Page } from './page.ts';

/** Each divides the one before: a page is assembled from whole smaller ones. */
const PAGE_SIZES = [100, 50, 25, 5, 1];
/**
 * Up to this many elements of a page are skipped individually; if more are unavailable, the rest of the page is
 * skipped.
 */
const HOLES_AT_MOST = 25;
/**
 * Until this many have failed individually everything is tried twice, so that no element is skipped because of
 * a transient failure.
 */
const ASKED_TWICE = 2;
/**
 * If the first element of a page fails, some of the following ones are tried to see whether any is available.
 */
const SAMPLES = [95, 50, 25, 5];
/** If this many of them fail as well, nothing of the page is available. */
const FAILED_SAMPLES = 2;
/** A part of a page that already failed gets a shorter timeout: GitHub itself gives up after 10 s. */
const WITHIN_MS = 15_000;
const PART = { retries: 1, withinMs: WITHIN_MS };
/** What merely shows the state of others. */
const ONCE = { retries: 0, withinMs: WITHIN_MS };

/** A page that is being assembled from parts. */
interface Search {
  session: GitHubSession;
  /** of the whole page */
  url: string;
  allow: readonly number[];
  /** why it did not arrive as a whole */
  reason: SyncError;
  /** elements that failed individually */
  failed: number;
  /** the first answer about a part of it, or beside it, without its rows */
  head: Answer | null;
  /** the rest is not requested: nothing of it is available, or too little */
  isOver: boolean;
}

/**
 * One page of a list. A page that GitHub cannot produce (5xx, no answer), or that arrives corrupt, is assembled
 * from smaller ones, down to single elements. An element that is unavailable even individually is skipped as a
 * hole, and so is a page, or the rest of it, of which nothing is available; but only after an element of the
 * same list was answered: otherwise GitHub itself is unavailable.
 *
 * For some minutes a page that was given up is requested only once and not taken apart (`given-up-pages.ts`).
 *
 * @throws SyncError GITHUB_UNAVAILABLE if nothing of the list is available
 */
export async function getPage(session: GitHubSession, url: string, allow: readonly number[]): Promise<Page> {
  const known = givenUpPage(session, url);
  let reason: SyncError;
  try {
    const answer = await session.get(url, allow, known === undefined ? undefined : ONCE);
    forgetGivenUp(session, url);
    return { url, answer: withUnlinkedPage(session.server, url, answer), holes: [], broken: false };
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    reason = error;
  }
  if (known instanceof SyncError) throw known;
  return known ?? takeApart({ session, url, allow, reason, failed: 0, head: null, isOver: false });
}

async function takeApart(search: Search): Promise<Page> {
  const { session, url } = search;
  try {
    const page = await getParts(search, url);
    if (search.isOver) rememberGivenUp(session, url, page);
    return page;
  } catch (error) {
    if (isUnanswered(error)) rememberGivenUp(session, url, error);
    throw error;
  }
}

/** Parts of a page, in order, and where the page continues. */
interface Parts {
  parts: Page[];
  holes: Unreadable[];
  next: string | null;
  broken: boolean;
}

/** One page assembled from smaller ones: the same rows, the same next page. */
async function getParts(search: Search, url: string): Promise<Page> {
  const size = sizeOf(url);
  const smaller = PAGE_SIZES.find((candidate) => candidate < size && size % candidate === 0);
  if (smaller === undefined) throw search.reason;
  const pieces = size / smaller;
  const before = (pageNumberOf(url) - 1) * pieces;
  // The delivery log has no page numbers.
  const cursor = hasCursor(url) || /\/deliveries\?/.test(url);
  const found: Parts = { parts: [], holes: [], next: withPage(url, smaller, before + 1), broken: false };
  for (let index = 1; index <= pieces && found.next !== null; index += 1) {
    // Page numbers lead past a hole; with cursors only the answer says where the next element begins.
    const following = cursor ? null : withPage(url, smaller, before + index + 1);
    const part = await getPart(search, found.next, smaller);
    if (part instanceof SyncError) {
      found.holes.push(unknownElement(part.message));
      found.broken = cursor;
      found.next = following;
      if (search.failed === 1) search.isOver = await isDead(search);
    } else {
      found.parts.push(part);
      found.holes.push(...part.holes);
      found.broken = part.broken;
      const told = part.answer.links.next;
      found.next = part.broken || told === null ? null : index === pieces || cursor ? told : following;
    }
    search.isOver ||= search.failed > HOLES_AT_MOST;
    if (!search.isOver || found.next === null) continue;
    for (let lacking = index * smaller; lacking < size; lacking += 1)
      found.holes.push(unknownElement(search.reason.message));
    break;
  }
  return putTogether(search, url, found);
}

async function putTogether(search: Search, url: string, found: Parts): Promise<Page> {
  const { parts, holes, next, broken } = found;
  // Nothing was answered: only elements outside the page show whether the cause is these elements, or GitHub.
  const head = parts[0]?.answer ?? search.head ?? (await beside(search));
  const items = parts.flatMap((part) => itemsOf(part.answer.data) ?? []);
  const answer = { ...head, data: withItems(head.data, items) };
  const size = sizeOf(url);
  const onward =
    next === null ? null : hasCursor(next) ? resized(next, size) : withPage(url, size, pageNumberOf(url) + 1);
  return { url, answer: { ...answer, links: { next: onward, last: null } }, holes, broken };
}

/** A part of a page, itself assembled from smaller ones; for a single unavailable element, why. */
async function getPart(search: Search, url: string, size: number): Promise<Page | SyncError> {
  const { session, allow, failed } = search;
  let answer: Answer;
  try {
    const patience = failed < ASKED_TWICE ? PART : ONCE;
    answer = withUnlinkedPage(session.server, url, await session.get(url, allow, patience));
  } catch (error) {
    if (!isUnanswered(error, size === 1)) throw error;
    if (size > 1) return getParts(search, url);
    search.failed += 1;
    return error;
  }
  if (itemsOf(answer.data) === null) throw search.reason;
  search.head ??= { ...answer, data: withItems(answer.data, []) };
  return { url, answer, holes: [], broken: false };
}

/**
 * Whether nothing of the page is available, judging by some of its elements. Behind a cursor only the first can
 * be requested.
 */
async function isDead(search: Search): Promise<boolean> {
  const { url } = search;
  if (hasCursor(url) || search.head !== null) return false;
  const size = sizeOf(url);
  let failed = 0;
  for (const at of SAMPLES.filter((sample) => sample < size)) {
    const shown = await ask(search, withPage(url, 1, (pageNumberOf(url) - 1) * size + at + 1));
    if (shown === null) failed += 1;
    // An element beyond the end of the list says nothing about those before.
    else if (isElement(shown)) return false;
    if (failed === FAILED_SAMPLES) return true;
  }
  return false;
}

/**
 * The first element of the page after, or of the list, as evidence that GitHub is available.
 *
 * @throws what the page failed for if it is not
 */
async function beside(search: Search): Promise<Answer> {
  const { url } = search;
  const first = firstElement(url);
  const behind = hasCursor(url) ? first : withPage(url, 1, pageNumberOf(url) * sizeOf(url) + 1);
  for (const candidate of new Set([behind, first])) {
    const answer = await ask(search, candidate);
    if (answer === null || !isElement(answer)) continue;
    search.head = { ...answer, data: withItems(answer.data, []) };
    return search.head;
  }
  throw search.reason;
}

/** One element, requested once; null if it is not answered. */
async function ask({ session, allow }: Search, url: string): Promise<Answer | null> {
  const answer = await session.get(url, allow, ONCE).catch((error: unknown) => {
    if (isUnanswered(error, true)) return null;
    throw error;
  });
  return answer === null || itemsOf(answer.data) === null ? null : answer;
}

function isElement({ data }: Answer): boolean {
  return (itemsOf(data) ?? []).length > 0;
}

/** @param alone a single element was requested: an unreadable answer is then its own fault too */
function isUnanswered(error: unknown, alone = false): error is SyncError {
  if (!(error instanceof SyncError)) return false;
  const isSmallerBetter = error.code === 'GITHUB_UNAVAILABLE' || error instanceof UnreadableBody;
  return isSmallerBetter || (alone && error.code === 'GITHUB_BAD_ANSWER');
}
