import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import { read } from '../answers.ts';
import type { GitHubSession } from '../session/session.ts';
import { countPoints } from '../session/usage.ts';

/** The issues of a repository that one person opened and that are in one state. */
export interface IssuePart {
  author: string;
  state: 'open' | 'closed';
}

/**
 * As many as are counted in one question: each is a connection under one parent, and a hundred of these are a point
 * (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
 */
export const MAX_PARTS = 99;
/** Parts whose numbers are read in one question: 1,000 nodes. */
const LISTED_AT_ONCE = 10;

const schema = z.object({
  data: z.object({
    rateLimit: z.object({ cost: z.number() }).nullish(),
    node: z.record(z.string(), z.unknown()).nullable(),
  }),
});
const counted = z.object({ totalCount: z.number() });
const listed = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.object({ number: z.number() })),
});

/**
 * How many issues a repository has, and of that in each of at most `MAX_PARTS` parts.
 *
 * @throws SyncError GITHUB_BAD_ANSWER when one of them is not told
 */
export async function countIssueParts(
  session: GitHubSession,
  nodeId: string,
  parts: readonly IssuePart[],
): Promise<{ total: number; counts: number[] }> {
  const fields = parts.map((part, at) => `${fieldOf(part, at, '')} { totalCount }`);
  const node = await ask(session, nodeId, parts, ['total: issues { totalCount }', ...fields], {});
  const countOf = (name: string) => read(counted, node[name], 'GraphQL issues').totalCount;
  return { total: countOf('total'), counts: parts.map((_part, at) => countOf(`p${at}`)) };
}

/**
 * The numbers of the issues in each part, a hundred of each in one question.
 *
 * @throws SyncError GITHUB_BAD_ANSWER when a list cannot be read to its end
 */
export async function issueNumbers(
  session: GitHubSession,
  nodeId: string,
  parts: readonly IssuePart[],
): Promise<Set<number>[]> {
  const found = parts.map(() => new Set<number>());
  let open = parts.map((part, at) => ({
    part,
    numbers: found[at] ?? new Set(),
    after: null as string | null,
  }));
  while (open.length > 0) {
    const now = open.slice(0, LISTED_AT_ONCE);
    const fields = now.map(
      ({ part }, at) =>
        `${fieldOf(part, at, `first: 100, after: $c${at}, orderBy: { field: CREATED_AT, direction: ASC },`)}
         { pageInfo { hasNextPage endCursor } nodes { number } }`,
    );
    const cursors = Object.fromEntries(now.map(({ after }, at) => [`c${at}`, after]));
    const node = await ask(
      session,
      nodeId,
      now.map(({ part }) => part),
      fields,
      cursors,
    );
    const through = new Set<(typeof open)[number]>();
    for (const [at, one] of now.entries()) {
      const { pageInfo, nodes } = read(listed, node[`p${at}`], 'GraphQL issues');
      for (const { number } of nodes) one.numbers.add(number);
      const { hasNextPage, endCursor = null } = pageInfo;
      if (hasNextPage && (endCursor === null || endCursor === one.after))
        throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL issues: a cursor leads nowhere');
      one.after = endCursor;
      if (!hasNextPage) through.add(one);
    }
    open = open.filter((one) => !through.has(one));
  }
  return found;
}

function fieldOf({ state }: IssuePart, at: number, paging: string): string {
  return `p${at}: issues(${paging} states: [${state.toUpperCase()}], filterBy: { createdBy: $a${at} })`;
}

async function ask(
  session: GitHubSession,
  id: string,
  parts: readonly IssuePart[],
  fields: readonly string[],
  cursors: Readonly<Record<string, string | null>>,
): Promise<Record<string, unknown>> {
  const variables = [
    '$id: ID!',
    ...parts.map((_part, at) => `$a${at}: String!`),
    ...Object.keys(cursors).map((name) => `$${name}: String`),
  ];
  const query = `query IssueParts(${variables.join(', ')}) {
    rateLimit { cost }
    node(id: $id) { ... on Repository { ${fields.join('\n')} } }
  }`;
  const authors = Object.fromEntries(parts.map(({ author }, at) => [`a${at}`, author]));
  const answer = await session.graphql(query, { id, ...authors, ...cursors }, 'node');
  const { data } = read(schema, answer.data, 'GraphQL issues');
  countPoints(data.rateLimit?.cost ?? 1);
  if (data.node === null)
    throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL issues: the repository is missing');
  return data.node;
}
