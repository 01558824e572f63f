import { z } from 'zod';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import type { Entity } from '../../entities/entity.ts';
import { read } from '../answers.ts';
import type { GitHubSession } from '../session/session.ts';
import { firstPage, type AheadPage } from './connections.ts';
import { listIssues, PAGE, type IssueRange } from './issue-ranges.ts';

/** How many issues of a range one query lists: a page from either end. */
export const LISTED_BY_QUERY = 2 * PAGE;
/** Ranges whose issues are listed in one query: at most 5,000 nodes of GitHub's 500,000. */
export const LISTED_AT_ONCE = 25;

/** A range, and how many issues it is expected to have. */
export type ExpectedRange = IssueRange & { issues: number };

/** A range whose list is read from both ends until they meet. */
interface Listing {
  range: ExpectedRange;
  after: string | null;
  before: string | null;
  /** the numbers read so far, with those of issues updated later: the list has no upper bound */
  read: Set<number>;
}

const cursor = z.string().nullable().default(null);
const shownPage = z.object({
  totalCount: z.number(),
  pageInfo: z.object({
    hasNextPage: z.boolean(),
    endCursor: cursor,
    hasPreviousPage: z.boolean(),
    startCursor: cursor,
  }),
  nodes: z.array(z.object({ number: z.number(), updatedAt: z.string() })),
});

/**
 * How many issues a repository has, and the numbers of those in these ranges. A query lists a page of each from
 * the beginning, and one from the end if more than a page is expected.
 *
 * @param beside a kind whose connection's first page the first query asks for as well; without it if GitHub fails
 * @throws SyncError GITHUB_BAD_ANSWER if a list cannot be read to its end
 */
export async function issueNumbers(
  session: GitHubSession,
  nodeId: string,
  ranges: readonly ExpectedRange[],
  beside: Entity | null = null,
): Promise<{ total: number; numbers: Set<number>; ahead: AheadPage | null }> {
  const numbers = new Set<number>();
  let total = 0;
  let field = beside === null ? null : firstPage(beside);
  let ahead: AheadPage | null = null;
  let open = ranges.map((range): Listing => ({ range, after: null, before: null, read: new Set() }));
  while (open.length > 0) {
    const pages = open.slice(0, LISTED_AT_ONCE).flatMap(pagesOf);
    const asked = field === null ? null : await nullIfUnusable(listIssues(session, nodeId, pages, field));
    const answer = asked ?? (await listIssues(session, nodeId, pages));
    if (asked !== null) ahead = { shown: asked.beside, date: asked.date };
    field = null;
    ({ total } = answer);
    const through = new Set<Listing>();
    for (const [at, { listing, page }] of pages.entries()) {
      if (through.has(listing)) continue;
      const shown = read(shownPage, answer.lists[at], 'GraphQL issues');
      if (readPage(listing, page.end, shown, numbers)) through.add(listing);
    }
    open = open.filter((listing) => !through.has(listing));
  }
  return { total, numbers, ahead };
}

/** Null if GitHub gave up on the query or on a part of it: a smaller one may succeed. */
async function nullIfUnusable<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isUnusableAnswer(error)) return null;
    throw error;
  }
}

/** The pages of a list to request next, each beyond what was read from that end. */
function pagesOf(listing: Listing) {
  const { range, after, before } = listing;
  const first = { listing, range, page: { end: 'first', cursor: after } } as const;
  const last = { listing, range, page: { end: 'last', cursor: before } } as const;
  return range.issues - listing.read.size > PAGE ? [first, last] : [first];
}

/** Takes over a page; returns whether the range was read to its end. */
function readPage(
  listing: Listing,
  end: 'first' | 'last',
  { totalCount, pageInfo, nodes }: z.output<typeof shownPage>,
  numbers: Set<number>,
): boolean {
  const to = listing.range.to === null ? Infinity : Date.parse(listing.range.to);
  const within = nodes.filter(({ updatedAt }) => Date.parse(updatedAt) < to);
  const known = listing.read.size;
  for (const { number } of nodes) listing.read.add(number);
  for (const { number } of within) numbers.add(number);
  const isFirst = end === 'first';
  const isPastRange = isFirst && within.length < nodes.length;
  const hasMore = isFirst ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
  if (isPastRange || !hasMore || listing.read.size >= totalCount) return true;
  const next = isFirst ? pageInfo.endCursor : pageInfo.startCursor;
  // The same numbers come again under a new cursor.
  if (next === null || listing.read.size === known)
    throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL issues: a cursor leads nowhere');
  if (isFirst) listing.after = next;
  else listing.before = next;
  return false;
}
