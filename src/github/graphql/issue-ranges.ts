import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import { read } from '../answers.ts';
import type { GitHubSession } from '../session/session.ts';
import { countPoints } from '../session/usage.ts';

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
/** Ranges whose issues are listed in one query: 2,500 nodes of GitHub's 500,000. */
export const LISTED_AT_ONCE = 25;

const schema = z.object({
  data: z.object({
    rateLimit: z.object({ cost: z.number() }).nullish(),
    node: z.record(z.string(), z.unknown()).nullable(),
  }),
});
const counted = z.object({ totalCount: z.number() });
const listed = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.object({ number: z.number(), updatedAt: z.string() })),
});

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
  const lists = new Map<string, IssueRange>();
  for (const range of ranges) {
    lists.set(keyOf(range), range);
    const { to } = range;
    if (to !== null) lists.set(keyOf({ ...range, from: to }), { ...range, from: to });
  }
  const keys = [...lists.keys()];
  const node = await ask(session, nodeId, [...lists.values()], (filter) => `(${filter}) { totalCount }`);
  const counts = new Map(
    keys.map((key, at) => [key, read(counted, node[`l${at}`], 'GraphQL issues').totalCount]),
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
 * How many issues a repository has, and the numbers of those in these ranges, a hundred of each per query.
 *
 * @throws SyncError GITHUB_BAD_ANSWER if a list cannot be read to its end
 */
export async function issueNumbers(
  session: GitHubSession,
  nodeId: string,
  ranges: readonly IssueRange[],
): Promise<{ total: number; numbers: Set<number> }> {
  const numbers = new Set<number>();
  let total = 0;
  let open = ranges.map((range) => ({ range, after: null as string | null }));
  while (open.length > 0) {
    const now = open.slice(0, LISTED_AT_ONCE);
    const node = await ask(
      session,
      nodeId,
      now.map(({ range }) => range),
      (filter, at) => `(first: 100, after: $c${at}, ${filter}, orderBy: { field: UPDATED_AT, direction: ASC })
        { pageInfo { hasNextPage endCursor } nodes { number updatedAt } }`,
      now.map(({ after }) => after),
    );
    ({ totalCount: total } = read(counted, node['total'], 'GraphQL issues'));
    const through = new Set<(typeof open)[number]>();
    for (const [at, one] of now.entries()) {
      const { pageInfo, nodes } = read(listed, node[`l${at}`], 'GraphQL issues');
      const end = one.range.to === null ? Infinity : Date.parse(one.range.to);
      const within = nodes.filter(({ updatedAt }) => Date.parse(updatedAt) < end);
      const known = numbers.size;
      for (const { number } of within) numbers.add(number);
      const { hasNextPage, endCursor = null } = pageInfo;
      const isThrough = !hasNextPage || within.length < nodes.length;
      // The same numbers come again under a new cursor.
      if (!isThrough && (endCursor === null || endCursor === one.after || numbers.size === known))
        throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL issues: a cursor leads nowhere');
      one.after = endCursor;
      if (isThrough) through.add(one);
    }
    open = open.filter((one) => !through.has(one));
  }
  return { total, numbers };
}

/** One list of issues for each range, and the total. @param list what to request of each, given its filter */
async function ask(
  session: GitHubSession,
  id: string,
  ranges: readonly IssueRange[],
  list: (filter: string, at: number) => string,
  cursors: readonly (string | null)[] = [],
): Promise<Record<string, unknown>> {
  const given = [
    ...ranges.flatMap(({ from, author }, at) => [
      { name: `t${at}`, type: 'DateTime!', value: from },
      { name: `a${at}`, type: 'String!', value: author },
    ]),
    ...cursors.map((value, at) => ({ name: `c${at}`, type: 'String', value })),
  ].filter(({ type, value }) => type === 'String' || value !== null);
  const variables = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  const declared = given.map(({ name, type }) => `, $${name}: ${type}`);
  const lists = ranges.map((range, at) => `l${at}: issues${list(filterOf(range, at), at)}`);
  const query = `query IssueRanges($id: ID!${declared.join('')}) {
    rateLimit { cost }
    node(id: $id) { ... on Repository { total: issues { totalCount } ${lists.join('\n')} } }
  }`;
  const answer = await session.graphql(query, { id, ...variables }, 'node');
  const { data } = read(schema, answer.data, 'GraphQL issues');
  countPoints(data.rateLimit?.cost ?? 1);
  if (data.node === null)
    throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL issues: the repository is missing');
  return data.node;
}

function filterOf({ from, author, state }: IssueRange, at: number): string {
  const since = from === null ? '' : `since: $t${at}`;
  const by = author === null ? '' : `createdBy: $a${at}`;
  return `states: [${state?.toUpperCase() ?? 'OPEN, CLOSED'}], filterBy: { ${since} ${by} }`;
}
