/** The rels of a `Link` header that paging needs, as whole URLs. */
export interface Links {
  next: string | null;
  last: string | null;
  /** true: the answer has no such header */
  isMissing?: boolean;
}

/** `<address>` and its parameters, whose quoted values may contain commas and semicolons (RFC 8288, 3). */
const LINK = /<([^<>]+)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"[^"]*"|[^\s";,]+))?)*)/g;
/** A value needs quotes only if it has more than one name (RFC 8288, 3.3). */
const PARAMETER = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"([^"]*)"|([^\s";,]+)))?/g;

/** Reads a `Link` header (https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api). */
export function parseLinks(header: unknown): Links {
  const links = new Map<string, string>();
  if (typeof header === 'string') {
    for (const [, url = '', parameters = ''] of header.matchAll(LINK)) {
      for (const [, name, some, one] of parameters.matchAll(PARAMETER)) {
        if (name?.toLowerCase() !== 'rel') continue;
        for (const rel of (some ?? one ?? '').toLowerCase().split(/\s+/)) links.set(rel, url);
      }
    }
  }
  return { next: links.get('next') ?? null, last: links.get('last') ?? null };
}
