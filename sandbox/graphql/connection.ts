/** Pages of a list, with cursors. */
import { readCursor, writeCursor } from '../http/paging.ts';
import type { Json } from '../world/context.ts';
import { invalidCursor } from './errors.ts';

export interface PageArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

/** An item's position relative to a cursor: negative before it, 0 at it, positive after it. */
type Position<T> = (item: T, index: number) => number;

/** How a list is ordered, and so what its cursors say. */
export interface Order<T> {
  write(item: T, index: number): string;
  /** Throws GraphQLError for a cursor that is not this list's. */
  read(cursor: string): Position<T>;
}

/** Cursors that are positions in the list. */
export const byPosition: Order<unknown> = {
  write: (_item, index) => writeCursor([index]),
  read: (cursor) => {
    const [position] = parts(cursor);
    if (typeof position !== 'number') throw invalidCursor(cursor);
    return (_item, index) => index - position;
  },
};

/** Cursors that are the item's place in the order, so that a page continues rightly when items came, went or moved meanwhile. */
export function byKey<T>(keyOf: (item: T) => [value: number, tie: number], descending: boolean): Order<T> {
  return {
    write: (item) => writeCursor(keyOf(item)),
    read: (cursor) => {
      const [value, tie] = parts(cursor);
      if (typeof value !== 'number' || typeof tie !== 'number') throw invalidCursor(cursor);
      return (item) => {
        const [itemValue, itemTie] = keyOf(item);
        const position = itemValue - value || itemTie - tie;
        return descending ? -position : position;
      };
    },
  };
}

function parts(cursor: string): (string | number)[] {
  try {
    return readCursor(cursor);
  } catch {
    throw invalidCursor(cursor);
  }
}

/** What a connection needs: all items in order, and how one is shown. */
export interface Listing<T> {
  items: readonly T[];
  order: Order<T>;
  node: (item: T) => unknown;
}

/** A connection object: `totalCount`, `nodes`, `edges`, `pageInfo`. Throws GraphQLError for a foreign cursor. */
export function connection<T>(args: PageArgs, { items, order, node }: Listing<T>): Json {
  const { from, to } = bounds(args, items, order);
  const cursorAt = (index: number) => {
    const item = items[index];
    return item === undefined || index < from || index >= to ? null : order.write(item, index);
  };
  return {
    totalCount: items.length,
    nodes: () => items.slice(from, to).map((item) => node(item)),
    edges: () =>
      items.slice(from, to).map((item, at) => ({ cursor: order.write(item, from + at), node: node(item) })),
    pageInfo: {
      hasNextPage: to < items.length,
      hasPreviousPage: from > 0,
      startCursor: cursorAt(from),
      endCursor: cursorAt(to - 1),
    },
  };
}

function bounds<T>(args: PageArgs, items: readonly T[], order: Order<T>): { from: number; to: number } {
  const { after, before, first, last } = args;
  let from = 0;
  let to = items.length;
  if (typeof after === 'string') from = firstWhere(items, order.read(after), (position) => position > 0);
  if (typeof before === 'string') to = firstWhere(items, order.read(before), (position) => position >= 0);
  to = Math.max(from, to);
  if (typeof first === 'number') to = Math.min(to, from + first);
  if (typeof last === 'number') from = Math.max(from, to - last);
  return { from, to };
}

function firstWhere<T>(
  items: readonly T[],
  stand: Position<T>,
  accept: (position: number) => boolean,
): number {
  const index = items.findIndex((item, at) => accept(stand(item, at)));
  return index < 0 ? items.length : index;
}
