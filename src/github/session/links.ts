/** The rels of a `Link` header that paging needs, as whole URLs. */
export interface Links {
  next: string | null;
  last: string | null;
}

/** Reads a `Link` header (https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
export function parseLinks(header: unknown): Links {
  const links = new Map<string, string>();
  if (typeof header === 'string') {
    // A value needs its quotes only where it has more than one name (RFC 8288, 3.3).
    for (const [, url, some, one] of header.matchAll(
      /<([^<>]+)>\s*;[^,]*?\brel=(?:"([^"]+)"|([^\s",;]+))/gi,
    )) {
      for (const rel of (some ?? one ?? '').toLowerCase().split(/\s+/))
        if (url !== undefined) links.set(rel, url);
    }
  }
  return { next: links.get('next') ?? null, last: links.get('last') ?? null };
}
