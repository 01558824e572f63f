import { SyncError } from '../../errors.ts';
import { atBase } from './server.ts';
import { UnreadableBody } from './unreadable-body.ts';
import { isMintUrl } from './translate-error.ts';
import { countRequest, currentSignal } from './usage.ts';

type Fetch = (url: string, init: RequestInit) => Promise<ReadResponse>;

/** An answer that was read to its end: the part of `Response` that Octokit uses, without streams and copies. */
interface ReadResponse {
  status: number;
  /** where it came from, after redirects */
  url: string;
  headers: Headers;
  /** as text, from which JSON answers are parsed */
  body: string;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const MAX_REDIRECTS = 3;
/** For these a GET is sent again; anything else only if the method is to be kept (RFC 9110, 15.4). */
const redirectStatuses = new Set([301, 302, 307, 308]);
const sameMethod = new Set([307, 308]);

/**
 * The `fetch` that Octokit uses. It counts every request, gives up after `timeoutMs`, and reads the body to its
 * end, bounded in bytes, so that a truncated one fails here and is requested again. It follows redirects,
 * unless told not to (`redirect: 'manual'`), but only below `apiUrl`, whose host may see the token: another name or
 * prefix in a redirect is treated as that server's own.
 *
 * @throws SyncError GITHUB_BAD_ANSWER for endless redirects, for an answer that is too long, and if what
 * another name or prefix pointed to does not exist
 */
export function createFetch(apiUrl: string, timeoutMs: number): Fetch {
  const { origin } = new URL(apiUrl);
  return async function fetchWithin(url, init) {
    let target = url;
    // A token is created once for all callers that wait for it: the first caller may give up without the
    // others.
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
          throw new SyncError('GITHUB_BAD_ANSWER', `GitHub pointed outside of GITHUB_API_URL (${renamed})`);
        return readResponse(response, body, target);
      }
      const pointed = new URL(location, target);
      target = atBase(apiUrl, pointed.href);
      if (target !== pointed.href) renamed = pointed.origin === origin ? pointed.pathname : pointed.host;
    }
    throw new SyncError(
      'GITHUB_BAD_ANSWER',
      `more than ${MAX_REDIRECTS} redirects from ${new URL(url).pathname}`,
    );
  };
}

/** @throws SyncError GITHUB_BAD_ANSWER if `url` is not under `origin` */
function assertWithin(origin: string, url: string): void {
  if (new URL(url).origin !== origin) {
    throw new SyncError(
      'GITHUB_BAD_ANSWER',
      `GitHub pointed to another host (${new URL(url).host}); not followed`,
    );
  }
}

/**
 * A page of a hundred issues with the longest bodies that GitHub allows (65,536 characters) is 26 MB at most.
 */
const MAX_BYTES = 64 * 1024 * 1024;

async function readBounded(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_BYTES) throw new UnreadableBody(`an answer of more than ${MAX_BYTES} bytes`);
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
