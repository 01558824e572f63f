import { z } from 'zod';
import { SyncError } from '../../errors.ts';
import type { Entity, EntityRow, Listing } from '../../entities/entity.ts';
import { read } from '../answers.ts';
import { endsOf } from '../pages/arrived-page.ts';
import { createCircleGuard } from '../pages/pages.ts';
import { isTooMuch } from './query-nodes.ts';
import type { RowPage } from '../pages/row-page.ts';
import type { Answer, GitHubSession } from '../session/session.ts';
import { endlessElement, readEach, unknownElement } from '../pages/unreadable.ts';
import { costAnswer, countCost } from './cost.ts';

/** A row that is requested from GraphQL by name. */
export type NamedRow = EntityRow & { readonly name: string };

/** As many as one query answers for one point, fewer if GitHub cannot. */
const SIZES = [100, 25, 5, 1];
/** Failed queries are repeated in smaller parts, which serve as the retry. */
const PART = { retries: 0, withinMs: 15_000 };

const cursor = z.string().nullish();
const listed = z.object({
  pageInfo: z.union([
    z
      .object({ hasNextPage: z.boolean(), endCursor: cursor })
      .transform((info) => ({ more: info.hasNextPage, cursor: info.endCursor ?? null })),
    z
      .object({ hasPreviousPage: z.boolean(), startCursor: cursor })
      .transform((info) => ({ more: info.hasPreviousPage, cursor: info.startCursor ?? null })),
  ]),
  nodes: z.array(z.unknown()),
});

const schema = z.object({
  data: z.object({
    rateLimit: costAnswer,
    node: z.record(z.string(), z.unknown()).nullable(),
  }),
});

/** Where the reading of a connection starts, and whether it is read from its end. */
interface Place {
  back: boolean;
  cursor: string | null;
}

/** Prefix of a cursor for a list that is read from its end; no cursor of GitHub's begins like this. */
const BACK = 'before:';

/**
 * The rows of a kind that only a connection of GraphQL's `Repository` lists. `next` of a page says where the
 * reading continues. A page that GitHub cannot produce is requested in smaller parts. Elements behind one that
 * GitHub cannot answer even by itself are read from the other end, as in REST's lists (`pagesFromBothEnds`); a
 * list that loops ends as those do.
 *
 * @param from where an earlier reading stopped
 * @throws SyncError if nothing of it is available
 */
export async function* listConnection<Row extends NamedRow>(
  session: GitHubSession,
  nodeId: string,
  entity: Entity<string, Row>,
  from: string | undefined,
): AsyncGenerator<RowPage<Row>> {
  const { field } = connectionOf(entity).connection;
  let place = placeOf(from);
  let size = SIZES[0] ?? 1;
  let leadsBack = createCircleGuard();
  let date: string | null = null;
  for (;;) {
    const answer = await queryPage(session, entity, { id: nodeId, size, place });
    const url = addressOf(place);
    if (answer instanceof SyncError) {
      const smaller = SIZES.find((candidate) => candidate < size);
      // The element at this end cannot be answered; the ones behind it are read from the other end.
      if (smaller !== undefined) size = smaller;
      else if (!place.back) {
        place = { back: true, cursor: null };
        size = SIZES[0] ?? 1;
        leadsBack = createCircleGuard();
      } else {
        date ??= await dateOfAnEnd(session, entity, nodeId);
        if (date === null) throw answer;
        yield { ...empty, unreadable: [unknownElement(answer.message)], url, date };
        return;
      }
      continue;
    }
    ({ date } = answer);
    const { pageInfo, nodes } = read(listed, nodeOf(answer, entity)[field], whatOf(entity));
    const isEndless =
      leadsBack({ url, ends: endsOf(nodes), isEmpty: nodes.length === 0 }) ||
      (pageInfo.more && pageInfo.cursor === null);
    const { items, unreadable } = readEach(entity.row, nodes, entity.label);
    if (isEndless) unreadable.push(endlessElement(whatOf(entity)));
    const isThrough = isEndless || !pageInfo.more;
    const next = isThrough ? null : addressOf({ ...place, cursor: pageInfo.cursor });
    yield { ...empty, rows: items, unreadable, url, next, date };
    if (isThrough) return;
    place = { ...place, cursor: pageInfo.cursor };
  }
}

/** GitHub's time, if it shows one of the two ends: then an element cannot be answered, rather than the list. */
async function dateOfAnEnd(session: GitHubSession, entity: Entity, id: string): Promise<string | null> {
  for (const back of [false, true]) {
    const answer = await queryPage(session, entity, { id, size: 1, place: { back, cursor: null } });
    if (!(answer instanceof SyncError)) return answer.date;
  }
  return null;
}

const empty = { rows: [], unreadable: [], next: null, pages: null };

function placeOf(from: string | undefined): Place {
  const back = from?.startsWith(BACK) === true;
  const cursor = back ? from.slice(BACK.length) : from;
  return { back, cursor: cursor === undefined || cursor === '' ? null : cursor };
}

function addressOf({ back, cursor }: Place): string {
  return `${back ? BACK : ''}${cursor ?? ''}`;
}

/** At most this many are requested by name in one query. */
export const MAX_NAMES = 100;

/**
 * GitHub's answer about rows by name, at most `MAX_NAMES` of them: null for one that it does not have.
 * Unreadable ones are left out.
 *
 * @param once a failure is not retried
 * @throws SyncError
 */
export async function findByName<Row extends NamedRow>(
  session: GitHubSession,
  nodeId: string,
  entity: Entity<string, Row>,
  names: readonly string[],
  once = false,
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
  const answer = await session.graphql(query, { id: nodeId, ...asked }, 'node', once ? PART : undefined);
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

/** The name of the query in GitHub's logs: `Tags`. */
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
  countCost(data.rateLimit);
  if (data.node === null)
    throw new SyncError('GITHUB_BAD_ANSWER', `${whatOf(entity)}: the repository is missing`);
  return data.node;
}

/** One page, or why there is none if a smaller one, or one from the other end, can be requested. */
async function queryPage(
  session: GitHubSession,
  entity: Pick<Entity, 'name' | 'list'>,
  { id, size, place }: { id: string; size: number; place: Place },
): Promise<Answer | SyncError> {
  const { connection, fields } = connectionOf(entity);
  const page = place.back ? 'last: $first, before: $after' : 'first: $first, after: $after';
  const pageInfo = place.back ? 'hasPreviousPage startCursor' : 'hasNextPage endCursor';
  // One connection, one parent: one point
  // (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
  const query = `query ${operationOf(entity)}($id: ID!, $first: Int!, $after: String) {
    rateLimit { cost }
    node(id: $id) {
      ... on Repository {
        ${connection.field}(${page}, ${connection.arguments}) {
          pageInfo { ${pageInfo} }
          nodes { ${fields} }
        }
      }
    }
  }`;
  const isWhole = size === SIZES[0];
  try {
    return await session.graphql(
      query,
      { id, first: size, after: place.cursor },
      `node.${connection.field}.nodes`,
      isWhole ? undefined : PART,
    );
  } catch (error) {
    if (isTooMuch(error)) return error;
    throw error;
  }
}
