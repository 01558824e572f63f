export function hasCursor(url: string): boolean {
  return /[?&](after|before|cursor)=/.test(url);
}

/** How many rows a page requests; NaN if it does not say. */
export function sizeOf(url: string): number {
  return Number(/[?&]per_page=(\d+)/.exec(url)?.[1]);
}

export function pageNumberOf(url: string): number {
  return Number(/[?&]page=(\d+)/.exec(url)?.[1] ?? 1);
}

export function withPage(url: string, perPage: number, page: number): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('per_page', String(perPage));
  // Beside a cursor the page number means nothing: the cursor alone says where the smaller page starts.
  if (page > 1 && !hasCursor(url)) parameters.set('page', String(page));
  return `${path}?${parameters.toString()}`;
}

/** The page of `size` rows after a cursor, in a list whose URL contains no size. */
export function resized(url: string, size: number): string {
  const whole = new URL(url);
  whole.searchParams.set('per_page', String(size));
  whole.searchParams.delete('page');
  return whole.href;
}

/** A page with only the first element of the list that a page belongs to. */
export function firstElement(url: string): string {
  const [path = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  for (const name of ['after', 'before', 'cursor', 'page']) parameters.delete(name);
  parameters.set('per_page', '1');
  return `${path}?${parameters.toString()}`;
}
