/** How far lists can be walked. */
import type { RepositoryCall } from './call.ts';
import { HttpError } from './http-error.ts';
import { pageRequest } from './paging.ts';
import type { World } from '../world/world.ts';

const TOO_FAR =
  'In order to keep the API fast for everyone, pagination is limited for this resource. Check the rel=last link relation in the Link response header to see how far back you can traverse.';

const limits = new WeakMap<World, number>();

/** Has every list that ends somewhere end after so many rows; where GitHub's do when null. */
export function limitLists(world: World, rows: number | null): void {
  if (rows === null) limits.delete(world);
  else limits.set(world, rows);
}

/** Refuses a page that begins behind so many rows, whether the list has them or not. Throws HttpError 422. */
export function refuseBeyond({ query, context }: RepositoryCall, rows: number, message = TOO_FAR): void {
  const { page, perPage } = pageRequest(query);
  if ((page - 1) * perPage >= (limits.get(context.world) ?? rows)) throw new HttpError(422, message);
}
