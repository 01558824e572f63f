/** How far lists can be paged through. */
import type { RepositoryCall } from './call.ts';
import { HttpError } from './http-error.ts';
import { pageRequest } from './paging.ts';
import type { World } from '../world/world.ts';

const TOO_FAR =
  'In order to keep the API fast for everyone, pagination is limited for this resource. Check the rel=last link relation in the Link response header to see how far back you can traverse.';

/** From here on `page` is refused in lists of issues, whatever the size of the pages. Source: reports from the field. */
const REFUSED_PAGE = 100;

const limits = new WeakMap<World, number>();
const refusedPages = new WeakMap<World, number>();

interface ListLimits {
  rows?: number | null | undefined;
  pages?: number | null | undefined;
}

/**
 * Limits every finite list to this many rows, and makes lists of issues cursor-only from that page on; null
 * restores GitHub's limits.
 */
export function limitLists(world: World, { rows, pages }: ListLimits): void {
  if (rows !== undefined) set(limits, world, rows);
  if (pages !== undefined) set(refusedPages, world, pages);
}

function set(of: WeakMap<World, number>, world: World, to: number | null): void {
  if (to === null) of.delete(world);
  else of.set(world, to);
}

/** The first page of issues that only a cursor leads to. */
export function refusedPage(world: World): number {
  return refusedPages.get(world) ?? REFUSED_PAGE;
}

/** Refuses a page that begins after this many rows, whether the list has them or not. Throws HttpError 422. */
export function refuseBeyond({ query, context }: RepositoryCall, rows: number, message = TOO_FAR): void {
  const { page, perPage } = pageRequest(query);
  if ((page - 1) * perPage >= (limits.get(context.world) ?? rows)) throw new HttpError(422, message);
}
