import { parseLinks, type Links } from './links.ts';
import { atBase } from './server.ts';

/** One of GitHub's answers. `data` is unparsed: every caller parses what it uses. */
export interface Answer {
  status: number;
  data: unknown;
  links: Links;
  /** GitHub's time, ISO 8601 */
  date: string;
  /** where the answer came from, after redirects */
  url: string;
  /** the target of a redirect that was not followed */
  location?: string | undefined;
}

/** An answer of the API below `apiUrl`, as Octokit shows it. */
export function toAnswer(
  apiUrl: string,
  {
    status,
    data,
    headers,
    url,
  }: { status: number; data: unknown; headers: Record<string, unknown>; url: string },
): Answer {
  const date = typeof headers['date'] === 'string' ? Date.parse(headers['date']) : Number.NaN;
  const { next, last } = parseLinks(headers['link']);
  return {
    status,
    data,
    url,
    location: typeof headers['location'] === 'string' ? headers['location'] : undefined,
    links: {
      next: link(apiUrl, url, next),
      last: link(apiUrl, url, last),
      isMissing: headers['link'] === undefined,
    },
    date: new Date(Number.isNaN(date) ? Date.now() : date).toISOString(),
  };
}

/** @param from the answer that contains the address, which may be relative to its own (RFC 8288, 3.2) */
function link(apiUrl: string, from: string, address: string | null): string | null {
  if (address === null || !URL.canParse(address, from)) return null;
  return atBase(apiUrl, new URL(address, from).href);
}
