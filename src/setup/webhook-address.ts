/** An address that is safe to show: user, password and query may contain secrets. */
export function plainAddress(address: string): string {
  const url = URL.parse(address);
  return url === null ? 'an address that cannot be read' : `${url.origin}${url.pathname}`;
}

/** Whether two addresses are the same, ignoring a trailing slash. */
export function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [URL.parse(one), URL.parse(other)];
  if (a === null || b === null) return one === other;
  return a.origin === b.origin && pathOf(a) === pathOf(b) && a.search === b.search;
}

function pathOf(url: URL): string {
  return url.pathname.replace(/\/+$/, '');
}
