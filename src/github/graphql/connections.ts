import { z } from 'zod';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import type { Entity, EntityRow } from '../../entities/entity.ts';
import type { Listing } from '../../entities/listing.ts';
import { read } from '../answers.ts';
import { endsOf } from '../pages/arrived-page.ts';
import { createCircleGuard } from '../pages/pages.ts';
import type { RowPage } from '../pages/row-page.ts';
import type { Answer } from '../session/answer.ts';
import type { GitHubSession } from '../session/session.ts';
import { endlessElement, readEach, unknownElement } from '../pages/unreadable.ts';
import { nodeIn, ONCE } from './query-nodes.ts';

/** A row that is requested from GraphQL by name. */
export type NamedRow = EntityRow & { readonly name: string };

/** As many as one query answers for one point, fewer if GitHub cannot. */
const SIZES = [100, 25, 5, 1];

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

/** Where the reading of a connection starts, and whether it is read from its end. */
interface Place {
  back: boolean;
  cursor: string | null;
}

/** A page of a connection that was requested beside something else, unparsed, and GitHub's time. */
export interface AheadPage {
  shown: unknown;
  date: string;
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
 * @param ahead its first page, if that is known already; one that cannot be read in full is requested again
 * @throws SyncError if nothing of it is available
 */
export async function* listConnection<Row extends NamedRow>(
  session: GitHubSession,
  nodeId: string,
  entity: Entity<string, Row>,
  from: string | undefined,
  ahead?: AheadPage,
): AsyncGenerator<RowPage<Row>> {
  const { field } = connectionOf(entity).connection;
  let place = placeOf(from);
  const known = ahead === undefined || from !== undefined ? null : aheadPage(entity, ahead);
  if (known !== null) {
    yield known;
    if (known.next === null) return;
    place = placeOf(known.next);
  }
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
    const { pageInfo, nodes } = read(listed, nodeIn(answer, whatOf(entity))[field], whatOf(entity));
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

/** @returns null if some of the page cannot be read */
function aheadPage<Row extends NamedRow>(
  entity: Entity<string, Row>,
  { shown, date }: AheadPage,
): RowPage<Row> | null {
  const { data } = listed.safeParse(shown);
  if (data === undefined) return null;
  const { more, cursor: end } = data.pageInfo;
  const { items, unreadable } = readEach(entity.row, data.nodes, entity.label);
  if (unreadable.length > 0 || (more && end === null)) return null;
  return { ...empty, rows: items, unreadable, url: '', next: more ? end : null, date };
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
  const answer = await session.graphql(query, { id: nodeId, ...asked }, 'node', once ? ONCE : undefined);
  const node = nodeIn(answer, whatOf(entity));
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

const FORWARD = 'hasNextPage endCursor';

/** The first page of a kind's connection, as a field of a query about its repository: for `AheadPage`. */
export function firstPage(entity: Pick<Entity, 'name' | 'list'>): string {
  return pageOf(entity, `first: ${SIZES[0]}`, FORWARD);
}

function pageOf(entity: Pick<Entity, 'name' | 'list'>, which: string, pageInfo: string): string {
  const { connection, fields } = connectionOf(entity);
  return `${connection.field}(${which}, ${connection.arguments}) {
    pageInfo { ${pageInfo} }
    nodes { ${fields} }
  }`;
}

/** One page, or why there is none if a smaller one, or one from the other end, can be requested. */
async function queryPage(
  session: GitHubSession,
  entity: Pick<Entity, 'name' | 'list'>,
  { id, size, place }: { id: string; size: number; place: Place },
): Promise<Answer | SyncError> {
  const { connection } = connectionOf(entity);
  const page = place.back
    ? pageOf(entity, 'last: $first, before: $after', 'hasPreviousPage startCursor')
    : pageOf(entity, 'first: $first, after: $after', FORWARD);
  // One connection, one parent: one point
  // (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api).
  const query = `query ${operationOf(entity)}($id: ID!, $first: Int!, $after: String) {
    rateLimit { cost }
    node(id: $id) {
      ... on Repository {
        ${page}
      }
    }
  }`;
  const isWhole = size === SIZES[0];
  try {
    return await session.graphql(
      query,
      { id, first: size, after: place.cursor },
      `node.${connection.field}.nodes`,
      isWhole ? undefined : ONCE,
    );
  } catch (error) {
    if (isUnusableAnswer(error)) return error;
    throw error;
  }
}
