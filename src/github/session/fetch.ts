import { SyncError } from '../../errors.ts';
import { atBase } from './server.ts';
import { SpoiltBody } from './spoilt-body.ts';
import { isMintUrl } from './translate-error.ts';
import { countRequest, currentSignal } from './usage.ts';

type Fetch = (url: string, init: RequestInit) => Promise<ReadResponse>;

/** An answer that was read to its end: as much of a `Response` as Octokit looks at, without its streams and copies. */
interface ReadResponse {
  status: number;
  /** where it came from, after redirects */
  url: string;
  headers: Headers;
  /** as text, which is what a JSON answer is parsed from */
  body: string;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const MAX_REDIRECTS = 3;
/** Where they lead, a GET is sent again; anything else only where the method is to stay (RFC 9110, 15.4). */
const redirectStatuses = new Set([301, 302, 307, 308]);
const sameMethod = new Set([307, 308]);

/**
 * The `fetch` that Octokit sends with: counts every request, gives up after `timeoutMs`, reads the body to
 * its end (so that a truncated one fails here and is asked for again), bounded in bytes, and follows redirects, unless
 * asked not to (`redirect: 'manual'`), at the host of `apiUrl` alone, where the token may be shown: another name in
 * them is treated as that server's own.
 *
 * @throws SyncError GITHUB_BAD_ANSWER for redirects without an end, for an answer that is too long, and where what
 *   another name pointed to is not there
 */
export function createFetch(apiUrl: string, timeoutMs: number): Fetch {
  const { origin } = new URL(apiUrl);
  return async function fetchWithin(url, init) {
    let target = url;
    // A token is minted once for all that wait for it: whoever asked first may give up without the others.
    const givenUp = isMintUrl(url) ? undefined : currentSignal();
    let renamed: string | null = null;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      assertWithin(origin, target);
      countRequest();
      const response = await fetch(target, {
        ...init,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), givenUp, init.signal].filter((s) => !!s)),
      });
      const body = await readBounded(response);
      const location = response.headers.get('location');
      const isFollowed =
        (init.method === 'GET' || sameMethod.has(response.status)) && init.redirect !== 'manual';
      if (!redirectStatuses.has(response.status) || location === null || !isFollowed) {
        if (renamed !== null && (response.status === 404 || response.status === 410))
          throw new SyncError(
            'GITHUB_BAD_ANSWER',
            `GitHub pointed to another host (${renamed}); set GITHUB_API_URL`,
          );
        return readResponse(response, body, target);
      }
      const pointed = new URL(location, target);
      if (pointed.origin === origin) target = pointed.href;
      else {
        renamed = pointed.host;
        target = atBase(apiUrl, pointed.href);
      }
    }
    throw new SyncError(
      'GITHUB_BAD_ANSWER',
      `more than ${MAX_REDIRECTS} redirects from ${new URL(url).pathname}`,
    );
  };
}

/** @throws SyncError GITHUB_BAD_ANSWER when `url` is not below `origin` */
function assertWithin(origin: string, url: string): void {
  if (new URL(url).origin !== origin) {
    throw new SyncError(
      'GITHUB_BAD_ANSWER',
      `GitHub pointed to another host (${new URL(url).host}); not followed`,
    );
  }
}

/** A page of a hundred issues whose bodies are the longest that GitHub takes (65,536 characters) is 26 MB at most. */
const MAX_BYTES = 64 * 1024 * 1024;

async function readBounded(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BYTES) throw new SpoiltBody(`an answer of more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

const utf8 = new TextDecoder();

function readResponse({ status, headers }: Response, bytes: Buffer, url: string): ReadResponse {
  const body = utf8.decode(bytes);
  return {
    status,
    url,
    headers,
    body,
    text: () => Promise.resolve(body),
    arrayBuffer: () => Promise.resolve(Uint8Array.from(Buffer.from(body)).buffer),
  };
}
