import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import type { Entity, EntityRow, Listing } from '../../entities/entity.ts';
import { read } from '../answers.ts';
import { endsOf } from '../pages/arrived-page.ts';
import { createCircleGuard } from '../pages/pages.ts';
import type { RowPage } from '../pages/row-page.ts';
import type { Answer, GitHubSession } from '../session/session.ts';
import { readEach } from '../pages/unreadable.ts';
import { countPoints } from '../session/usage.ts';

/** A row that GraphQL is asked for by its name. */
export type NamedRow = EntityRow & { readonly name: string };

/** As many as one question for a point answers; halved where GitHub cannot. */
const MOST = 100;
const LEAST = 12;

const listed = z.object({
  pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  nodes: z.array(z.unknown()),
});

const schema = z.object({
  data: z.object({
    rateLimit: z.object({ cost: z.number() }).nullish(),
    node: z.record(z.string(), z.unknown()).nullable(),
  }),
});

/**
 * The rows of a kind that only a connection of GraphQL's `Repository` lists. `next` of a page is a cursor.
 *
 * @param from the cursor where an earlier reading stopped
 * @throws SyncError
 */
export async function* listConnection<Row extends NamedRow>(
  session: GitHubSession,
  nodeId: string,
  entity: Entity<string, Row>,
  from: string | undefined,
): AsyncGenerator<RowPage<Row>> {
  const { field } = connectionOf(entity).connection;
  let first = MOST;
  let after = from ?? null;
  const leadsBack = createCircleGuard();
  for (;;) {
    const answer = await askUpTo(session, entity, { id: nodeId, first, after });
    if (answer === null) {
      first = Math.ceil(first / 2);
      continue;
    }
    const { pageInfo, nodes } = read(listed, nodeOf(answer, entity)[field], whatOf(entity));
    const { items, unreadable } = readEach(entity.row, nodes, entity.label);
    const next = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    if (leadsBack({ url: after ?? entity.name, ends: endsOf(nodes), isEmpty: nodes.length === 0 }))
      throw new SyncError('GITHUB_BAD_ANSWER', `${entity.label} lead in a circle`);
    yield { rows: items, unreadable, url: after ?? '', next, pages: null, date: answer.date };
    if (next === null) return;
    after = next;
  }
}

/** At most so many are asked for by their names in one question. */
export const MAX_NAMES = 100;

/**
 * What GitHub says of rows by their names, at most `MAX_NAMES` of them: null of one that it does not have. One that cannot be
 * read is left out.
 *
 * @throws SyncError
 */
export async function findByName<Row extends NamedRow>(
  session: GitHubSession,
  nodeId: string,
  entity: Entity<string, Row>,
  names: readonly string[],
): Promise<{ found: Map<string, Row | null>; date: string }> {
  const { byName, fields } = connectionOf(entity);
  const variables = names.map((_, index) => `$n${index}: String!`).join(', ');
  const each = names.map(
    (_, index) => `r${index}: ${byName.field}(${byName.argument}: $n${index}) { ${fields} }`,
  );
  const query = `query ${operationOf(entity)}ByName($id: ID!, ${variables}) {
    rateLimit { cost }
    node(id: $id) { ... on Repository { ${each.join('\n')} } }
  }`;
  const asked = Object.fromEntries(names.map((name, index) => [`n${index}`, byName.value(name)]));
  const answer = await session.graphql(query, { id: nodeId, ...asked }, 'node');
  const node = nodeOf(answer, entity);
  const found = new Map<string, Row | null>();
  for (const [index, name] of names.entries()) {
    const shown = node[`r${index}`];
    const row = shown === null ? null : entity.row.safeParse(shown).data;
    if (row !== undefined) found.set(name, row);
  }
  return { found, date: answer.date };
}

function connectionOf({ name, list }: Pick<Entity, 'name' | 'list'>): Extract<Listing, { by: 'connection' }> {
  if (list.by !== 'connection') throw new TypeError(`${name} is no connection`);
  return list;
}

/** The name of the question in GitHub's logs: `Tags`. */
function operationOf({ name }: Pick<Entity, 'name'>): string {
  return name
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

function whatOf({ label }: Pick<Entity, 'label'>): string {
  return `GraphQL ${label}`;
}

function nodeOf(answer: Answer, entity: Pick<Entity, 'label'>): Record<string, unknown> {
  const { data } = read(schema, answer.data, whatOf(entity));
  countPoints(data.rateLimit?.cost ?? 1);
  if (data.node === null)
    throw new SyncError('GITHUB_BAD_ANSWER', `${whatOf(entity)}: the repository is missing`);
  return data.node;
}

/** One page; null when GitHub cannot make it and a smaller one can be asked for. */
async function askUpTo(
  session: GitHubSession,
  entity: Pick<Entity, 'name' | 'list'>,
  variables: { id: string; first: number; after: string | null },
): Promise<Answer | null> {
  const { connection, fields } = connectionOf(entity);
  // One connection, one parent: a point
  // (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
  const query = `query ${operationOf(entity)}($id: ID!, $first: Int!, $after: String) {
    rateLimit { cost }
    node(id: $id) {
      ... on Repository {
        ${connection.field}(first: $first, after: $after, ${connection.arguments}) {
          pageInfo { hasNextPage endCursor }
          nodes { ${fields} }
        }
      }
    }
  }`;
  try {
    return await session.graphql(query, variables, `node.${connection.field}.nodes`);
  } catch (error) {
    const isTooMuch = error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
    if (isTooMuch && variables.first > LEAST) return null;
    throw error;
  }
}
