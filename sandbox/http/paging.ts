/** Pages and Link headers. */
import { HttpError } from './http-error.ts';
import type { Call } from './call.ts';

export interface PageRequest {
  page: number;
  perPage: number;
}

/** `page` and `per_page` of a query: 30 unless given, at most 100, nonsense is the default. */
export function pageRequest(query: URLSearchParams): PageRequest {
  const number = (key: string, fallback: number) => {
    const value = Number.parseInt(query.get(key) ?? '', 10);
    return Number.isFinite(value) && value >= 1 ? value : fallback;
  };
  return { page: number('page', 1), perPage: Math.min(100, number('per_page', 30)) };
}

/** The items of a page and, when there is more than one page, the Link header. `base` is the list's own address. */
export function paged<T>(
  call: Pick<Call, 'query'>,
  base: string,
  items: readonly T[],
): { items: T[]; headers: Record<string, string> } {
  const { page, perPage } = pageRequest(call.query);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const links: [rel: string, changes: Record<string, string>][] = [];
  if (page > 1) links.push(['prev', { page: String(Math.min(page - 1, last)) }]);
  if (page < last) links.push(['next', { page: String(page + 1) }], ['last', { page: String(last) }]);
  if (page > 1) links.push(['first', { page: '1' }]);
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: linkHeader(base, call.query, links),
  };
}

/** A Link header of `base` with the query changed for each relation; none without relations. */
export function linkHeader(
  base: string,
  query: URLSearchParams,
  links: [rel: string, changes: Record<string, string | null>][],
): Record<string, string> {
  if (links.length === 0) return {};
  const parts = links.map(([rel, changes]) => {
    const changed = new URLSearchParams(query);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) changed.delete(key);
      else changed.set(key, value);
    }
    return `<${base}?${changed.toString()}>; rel="${rel}"`;
  });
  return { link: parts.join(', ') };
}

/** A cursor as GitHub writes them: opaque text. */
export function writeCursor(parts: (string | number)[]): string {
  return Buffer.from(`cursor:v2:${JSON.stringify(parts)}`).toString('base64url');
}

/** Reads a cursor back. Throws HttpError 422 for one that is not ours. */
export function readCursor(text: string): (string | number)[] {
  const plain = Buffer.from(text, 'base64url').toString();
  try {
    const parts: unknown = JSON.parse(plain.replace(/^cursor:v2:/, ''));
    if (plain.startsWith('cursor:v2:') && Array.isArray(parts)) {
      return parts.filter((part) => typeof part === 'string' || typeof part === 'number');
    }
  } catch {
    // Falls through to the same answer as any other unreadable cursor.
  }
  throw new HttpError(422, 'Invalid cursor');
}
