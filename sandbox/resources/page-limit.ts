/** How far lists can be walked. */
import type { RepositoryCall } from '../http/call.ts';
import { HttpError } from '../http/http-error.ts';
import { pageRequest } from '../http/paging.ts';

const TOO_FAR =
  'In order to keep the API fast for everyone, pagination is limited for this resource. Check the rel=last link relation in the Link response header to see how far back you can traverse.';

/** Refuses a page that begins behind so many rows, whether the list has them or not. Throws HttpError 422. */
export function refuseBeyond({ query }: RepositoryCall, rows: number, message = TOO_FAR): void {
  const { page, perPage } = pageRequest(query);
  if ((page - 1) * perPage >= rows) throw new HttpError(422, message);
}
