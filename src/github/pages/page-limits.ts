import type { GitHubServer } from '../session/server.ts';

/** What is known of how long a page of one kind of list may be at most, at one server. */
interface Pages {
  /** the longest page so far */
  longest: number;
  /** how often nothing followed a page of that length */
  ended: number;
}

/** After this many lists that end with such a page, none is expected to be limited to it. */
const ENDED_AT_MOST = 3;

const byServer = new WeakMap<GitHubServer, Map<string, Pages>>();

/**
 * Whether a page of a list, shorter than was requested, may be as long as the server lets a page be: none of this kind of list
 * was longer, and it is a number that somebody would choose (10, 20, 25, 30, 50).
 */
export function mayBeLimited(server: GitHubServer, url: string, length: number): boolean {
  const { longest, ended } = pagesOf(server, url);
  const isRound = length % 10 === 0 || length % 25 === 0;
  return length > 0 && isRound && length >= longest && ended < ENDED_AT_MOST;
}

/** Learns from a page that arrived, without the header that would tell what follows. */
export function learnLength(server: GitHubServer, url: string, length: number, isFirst: boolean): void {
  const known = pagesOf(server, url);
  if (length > known.longest) Object.assign(known, { longest: length, ended: 0 });
  else if (!isFirst && length === 0) known.ended += 1;
  else if (!isFirst) known.ended = -Infinity;
}

function pagesOf(server: GitHubServer, url: string): Pages {
  const ofServer = byServer.get(server) ?? new Map<string, Pages>();
  byServer.set(server, ofServer);
  const list = listOf(url);
  const known = ofServer.get(list) ?? { longest: 0, ended: 0 };
  ofServer.set(list, known);
  return known;
}

/** `/repositories/_/issues/_/comments` */
function listOf(url: string): string {
  const [path = ''] = url.replace(/^https?:\/\/[^/]+/, '').split('?');
  return path.replace(/\/repos\/[^/]+\/[^/]+/, '/repositories/_').replaceAll(/\/\d+(?=\/|$)/g, '/_');
}
