/**
 * A page of a list, and where the next one begins (null at the end).
 *
 * @param rows one more than `limit` was requested, which shows whether there is a next page
 */
export function pageOf<Row, Place>(
  rows: readonly Row[],
  limit: number,
  placeOf: (row: Row) => Place,
): { page: Row[]; next: Place | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rows.length > page.length && last !== undefined ? placeOf(last) : null };
}
