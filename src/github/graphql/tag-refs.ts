import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import { TAG_FIELDS, tags, type TagRow } from '../../entities/tags.ts';
import { read } from '../answers.ts';
import type { RowPage } from '../pages/row-page.ts';
import type { Answer, GitHubSession } from '../session/session.ts';
import { readEach } from '../pages/unreadable.ts';
import { countPoints } from '../session/usage.ts';

/** As many as one question for a point answers; halved where GitHub cannot. */
const MOST = 100;
const LEAST = 12;

// One connection, one parent: a point
// (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
const LIST = `query Tags($id: ID!, $first: Int!, $after: String) {
  rateLimit { cost }
  node(id: $id) {
    ... on Repository {
      refs(refPrefix: "refs/tags/", first: $first, after: $after, orderBy: { field: ALPHABETICAL, direction: ASC }) {
        pageInfo { hasNextPage endCursor }
        nodes { ${TAG_FIELDS} }
      }
    }
  }
}`;

const listed = z.object({
  refs: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    nodes: z.array(z.unknown()),
  }),
});

const schema = z.object({
  data: z.object({
    rateLimit: z.object({ cost: z.number() }).nullish(),
    node: z.record(z.string(), z.unknown()).nullable(),
  }),
});

/**
 * The tags of a repository by their names. `next` of a page is a cursor.
 *
 * @param from the cursor where an earlier reading stopped
 * @throws SyncError
 */
export async function* listTags(
  session: GitHubSession,
  nodeId: string,
  from: string | undefined,
): AsyncGenerator<RowPage<TagRow>> {
  let first = MOST;
  let after = from ?? null;
  const asked = new Set([after]);
  for (;;) {
    const answer = await askUpTo(session, { id: nodeId, first, after });
    if (answer === null) {
      first = Math.ceil(first / 2);
      continue;
    }
    const { pageInfo, nodes } = read(listed, nodeOf(answer), 'GraphQL tags').refs;
    const { items, unreadable } = readEach(tags.row, nodes, tags.label);
    const next = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    if (next !== null && asked.has(next)) throw new SyncError('GITHUB_BAD_ANSWER', 'tags lead in a circle');
    asked.add(next);
    yield { rows: items, unreadable, url: after ?? '', next, pages: null, date: answer.date };
    if (next === null) return;
    after = next;
  }
}

/** At most so many are asked for by their names in one question. */
export const MAX_TAGS = 100;

/**
 * What GitHub says of tags by their names, at most `MAX_TAGS` of them: null of one that it does not have. One that cannot be
 * read is left out.
 *
 * @throws SyncError
 */
export async function findTags(
  session: GitHubSession,
  nodeId: string,
  names: readonly string[],
): Promise<{ found: Map<string, TagRow | null>; date: string }> {
  const variables = names.map((_, index) => `$n${index}: String!`).join(', ');
  const fields = names.map((_, index) => `r${index}: ref(qualifiedName: $n${index}) { ${TAG_FIELDS} }`);
  const query = `query TagsByName($id: ID!, ${variables}) {
    rateLimit { cost }
    node(id: $id) { ... on Repository { ${fields.join('\n')} } }
  }`;
  const asked = Object.fromEntries(names.map((name, index) => [`n${index}`, `refs/tags/${name}`]));
  const answer = await session.graphql(query, { id: nodeId, ...asked }, 'node');
  const node = nodeOf(answer);
  const found = new Map<string, TagRow | null>();
  for (const [index, name] of names.entries()) {
    const shown = node[`r${index}`];
    const row = shown === null ? null : tags.row.safeParse(shown).data;
    if (row !== undefined) found.set(name, row);
  }
  return { found, date: answer.date };
}

function nodeOf(answer: Answer): Record<string, unknown> {
  const { data } = read(schema, answer.data, 'GraphQL tags');
  countPoints(data.rateLimit?.cost ?? 1);
  if (data.node === null) throw new SyncError('GITHUB_BAD_ANSWER', 'GraphQL tags: the repository is missing');
  return data.node;
}

/** One page; null when GitHub cannot make it and a smaller one can be asked for. */
async function askUpTo(
  session: GitHubSession,
  variables: { id: string; first: number; after: string | null },
): Promise<Answer | null> {
  try {
    return await session.graphql(LIST, variables, 'node.refs.nodes');
  } catch (error) {
    const isTooMuch = error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
    if (isTooMuch && variables.first > LEAST) return null;
    throw error;
  }
}
