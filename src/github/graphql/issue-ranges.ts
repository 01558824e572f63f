import { z } from 'zod';
import { read } from '../answers.ts';
import type { GitHubSession } from '../session/session.ts';
import { nodeIn, ONCE } from './query-nodes.ts';

/**
 * The issues last updated at or after `from` (null: from the beginning) and before `to` (null: until now);
 * optionally of one author and state.
 */
export interface IssueRange {
  from: string | null;
  to: string | null;
  author: string | null;
  state: string | null;
}

/**
 * As many as are counted in one query: each is a connection or two under one parent, and a hundred of these
 * cost one point (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
 */
export const MAX_RANGES = 99;
/** As many issues as one page of a list contains at most. */
export const PAGE = 100;

/** A list to request: only its count, or also a page of it, the first or last one next to a cursor. */
interface IssueList {
  range: IssueRange;
  page?: { end: 'first' | 'last'; cursor: string | null };
}

const counted = z.object({ totalCount: z.number() });

/**
 * How many issues a repository has in each of these ranges. `since` has no upper bound: later ranges are
 * counted as well, and subtracted.
 *
 * @throws SyncError GITHUB_BAD_ANSWER if one of the counts is missing
 */
export async function countIssueRanges(
  session: GitHubSession,
  nodeId: string,
  ranges: readonly IssueRange[],
): Promise<number[]> {
  const lists = new Map<string, IssueList>();
  for (const range of ranges) {
    const { to } = range;
    lists.set(keyOf(range), { range });
    if (to !== null) lists.set(keyOf({ ...range, from: to }), { range: { ...range, from: to } });
  }
  const answer = await listIssues(session, nodeId, [...lists.values()]);
  const counts = new Map(
    [...lists.keys()].map((key, at) => [key, read(counted, answer.lists[at], 'GraphQL issues').totalCount]),
  );
  const countOf = (range: IssueRange) => counts.get(keyOf(range)) ?? 0;
  return ranges.map(
    (range) => countOf(range) - (range.to === null ? 0 : countOf({ ...range, from: range.to })),
  );
}

function keyOf({ from, author, state }: IssueRange): string {
  return JSON.stringify([from, author, state]);
}

/**
 * Lists of a repository's issues in one query, least recently updated first, and how many it has in all.
 *
 * @param beside another field of the repository, answered as `beside`
 * @throws SyncError GITHUB_BAD_ANSWER if the repository is missing
 */
export async function listIssues(
  session: GitHubSession,
  id: string,
  lists: readonly IssueList[],
  beside: string | null = null,
): Promise<{ total: number; lists: unknown[]; beside: unknown; date: string }> {
  const given = lists
    .flatMap(({ range, page }, at) => [
      { name: `t${at}`, type: 'DateTime!', value: range.from },
      { name: `a${at}`, type: 'String!', value: range.author },
      { name: `c${at}`, type: 'String!', value: page?.cursor ?? null },
    ])
    .filter(({ value }) => value !== null);
  const variables = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const declared = given.map(({ name, type }) => `, $${name}: ${type}`);
  const query = `query IssueRanges($id: ID!${declared.join('')}) {
    rateLimit { cost }
    node(id: $id) { ... on Repository {
      total: issues { totalCount } ${lists.map(fieldOf).join('\n')} ${beside === null ? '' : `beside: ${beside}`}
    } }
  }`;
  // One with something beside the issues is repeated without it.
  const patience = beside === null ? undefined : ONCE;
  const answer = await session.graphql(query, { id, ...variables }, 'node', patience);
  const node = nodeIn(answer, 'GraphQL issues');
  const { totalCount: total } = read(counted, node['total'], 'GraphQL issues');
  return {
    total,
    lists: lists.map((_list, at) => node[`l${at}`]),
    beside: node['beside'],
    date: answer.date,
  };
}

function fieldOf({ range: { from, author, state }, page }: IssueList, at: number): string {
  const since = from === null ? '' : `since: $t${at}`;
  const by = author === null ? '' : `createdBy: $a${at}`;
  const filter = `states: [${state?.toUpperCase() ?? 'OPEN, CLOSED'}], filterBy: { ${since} ${by} }`;
  if (page === undefined) return `l${at}: issues(${filter}) { totalCount }`;
  const beyond = page.cursor === null ? '' : `, ${page.end === 'first' ? 'after' : 'before'}: $c${at}`;
  const order = 'orderBy: { field: UPDATED_AT, direction: ASC }';
  return `l${at}: issues(${page.end}: ${PAGE}${beyond}, ${filter}, ${order}) {
    totalCount pageInfo { hasNextPage endCursor hasPreviousPage startCursor } nodes { number updatedAt }
  }`;
}
