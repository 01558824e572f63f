/** The rels of a `Link` header that paging needs, as whole URLs. */
export interface Links {
  next: string | null;
  last: string | null;
}

/** Reads a `Link` header (https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
export function parseLinks(header: unknown): Links {
  const links = new Map<string, string>();
  if (typeof header === 'string') {
    for (const [, url, rel] of header.matchAll(/<([^<>]+)>\s*;[^,]*?\brel="([^"]+)"/g)) {
      if (url !== undefined && rel !== undefined) links.set(rel, url);
    }
  }
  return { next: links.get('next') ?? null, last: links.get('last') ?? null };
}
