import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import type { Answer, GitHubSession } from '../session/session.ts';
import { SpoiltBody } from '../session/spoilt-body.ts';
import { unknownElement, type Unreadable } from './unreadable.ts';

/** Each divides the one before: a page is put together from whole smaller ones. */
const PAGE_SIZES = [100, 50, 25, 5, 1];
/** So many elements of a page are stepped over one by one; where more are unavailable, it is the page that fails. */
const HOLES_AT_MOST = 25;
/** A part of a page that failed already is waited for less long: GitHub itself gives up after 10 s. */
const PART = { retries: 1, withinMs: 15_000 };

export interface Page {
  answer: Answer;
  /** where this page came from: a reading that was interrupted continues here */
  url: string;
  /** elements that GitHub could not answer even alone */
  holes: Unreadable[];
  /** true: the list continues behind a hole, where only a cursor that is unknown would lead */
  broken: boolean;
}

/**
 * One page of a list. A page that GitHub cannot make (5xx, no answer), or that comes spoilt, is put together from smaller ones, down to
 * single elements; one that is unavailable even alone is stepped over as a hole, once something beside it was
 * answered: else it is GitHub that is away.
 *
 * @throws SyncError GITHUB_UNAVAILABLE when nothing of the page is available
 */
export async function getPage(session: GitHubSession, url: string, allow: readonly number[]): Promise<Page> {
  try {
    return { url, answer: await session.get(url, allow), holes: [], broken: false };
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    const page = await getParts(session, url, allow, error);
    return { ...page, url };
  }
}

/** One page put together from smaller ones: the same rows, the same next page. */
async function getParts(
  session: GitHubSession,
  url: string,
  allow: readonly number[],
  reason: SyncError,
): Promise<Page> {
  const size = Number(/[?&]per_page=(\d+)/.exec(url)?.[1]);
  const smaller = PAGE_SIZES.find((candidate) => candidate < size && size % candidate === 0);
  if (smaller === undefined) throw reason;
  const pieces = size / smaller;
  const page = Number(/[?&]page=(\d+)/.exec(url)?.[1] ?? 1);
  // The log of deliveries knows no page numbers.
  const cursor = hasCursor(url) || /\/deliveries\?/.test(url);
  const parts: Page[] = [];
  const holes: Unreadable[] = [];
  let next: string | null = withPage(url, smaller, (page - 1) * pieces + 1);
  let broken = false;
  for (let index = 1; index <= pieces && next !== null; index += 1) {
    // Page numbers lead over a hole; beside a cursor only the answer tells where the next element begins.
    const following = cursor ? null : withPage(url, smaller, (page - 1) * pieces + index + 1);
    try {
      const part: Page = await getPart(session, next, allow);
      if (itemsOf(part.answer.data) === null) throw reason;
      parts.push(part);
      holes.push(...part.holes);
      ({ broken } = part);
      const told = part.answer.links.next;
      next = broken || told === null ? null : index === pieces || cursor ? told : following;
    } catch (error) {
      if (smaller > 1 || !isUnanswered(error, true)) throw error;
      holes.push(unknownElement(error.message));
      broken = cursor;
      next = following;
    }
    if (holes.length > HOLES_AT_MOST) throw reason;
  }
  // Nothing was answered: only what is beside it tells whether it is these elements, or GitHub.
  const head = parts[0]?.answer ?? (await beside(session, url, next, allow, reason));
  const items = parts.flatMap((part) => itemsOf(part.answer.data) ?? []);
  const answer = { ...head, data: withItems(head.data, items) };
  const onward = next === null ? null : hasCursor(next) ? resized(next, size) : withPage(url, size, page + 1);
  return { url, answer: { ...answer, links: { next: onward, last: null } }, holes, broken };
}

/**
 * The element behind those that were not answered, where a number leads to it, else the list's first, as evidence that
 * GitHub answers.
 *
 * @throws `reason` when it does not
 */
async function beside(
  session: GitHubSession,
  url: string,
  next: string | null,
  allow: readonly number[],
  reason: SyncError,
): Promise<Answer> {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  for (const name of ['after', 'before', 'cursor', 'page']) parameters.delete(name);
  parameters.set('per_page', '1');
  const first = `${path}?${parameters.toString()}`;
  for (const candidate of next === null ? [first] : [next, first]) {
    const answer = await session.get(candidate, allow, PART).catch(() => null);
    if (answer !== null && itemsOf(answer.data) !== null)
      return { ...answer, data: withItems(answer.data, []) };
  }
  throw reason;
}

async function getPart(session: GitHubSession, url: string, allow: readonly number[]): Promise<Page> {
  try {
    return { url, answer: await session.get(url, allow, PART), holes: [], broken: false };
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return getParts(session, url, allow, error);
  }
}

/** @param alone a single element was asked for: an answer that nobody can read is then its own fault too */
function isUnanswered(error: unknown, alone = false): error is SyncError {
  if (!(error instanceof SyncError)) return false;
  const isSmallerBetter = error.code === 'GITHUB_UNAVAILABLE' || error instanceof SpoiltBody;
  return isSmallerBetter || (alone && error.code === 'GITHUB_BAD_ANSWER');
}

function hasCursor(url: string): boolean {
  return /[?&](after|before|cursor)=/.test(url);
}

/** The page of `size` rows from a cursor on, which tells of no size itself. */
function resized(url: string, size: number): string {
  const whole = new URL(url);
  whole.searchParams.set('per_page', String(size));
  whole.searchParams.delete('page');
  return whole.href;
}

/** The rows of a page: the answer itself, or, beside their `total_count`, one field of it. */
const wrapped = z.object({ repositories: z.array(z.unknown()) });

export function itemsOf(data: unknown): unknown[] | null {
  return Array.isArray(data) ? data : (wrapped.safeParse(data).data?.repositories ?? null);
}

/** The same answer with other rows. */
export function withItems(data: unknown, items: unknown[]): unknown {
  return Array.isArray(data) || data === null || typeof data !== 'object'
    ? items
    : { ...data, repositories: items };
}

function withPage(url: string, perPage: number, page: number): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('per_page', String(perPage));
  // Beside a cursor the page number means nothing: the cursor alone tells where the smaller page starts.
  if (page > 1 && !hasCursor(url)) parameters.set('page', String(page));
  return `${path}?${parameters.toString()}`;
}
