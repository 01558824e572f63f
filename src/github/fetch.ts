import { SyncError } from '../errors.ts';
import { countRequest, currentSignal } from './usage.ts';

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const MAX_REDIRECTS = 3;
const redirectStatuses = new Set([301, 302, 307, 308]);

/**
 * The `fetch` that Octokit sends with: counts every request, gives up after `timeoutMs`, reads the body to
 * its end (so that a truncated one fails here and is asked for again), and follows redirects only within the
 * host of `apiUrl`, where the token may be shown.
 *
 * @throws SyncError GITHUB_BAD_ANSWER for a redirect that leads elsewhere
 */
export function createFetch(apiUrl: string, timeoutMs: number): Fetch {
  const { origin } = new URL(apiUrl);
  return async function fetchWithin(url, init) {
    let target = url;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      assertWithin(origin, target);
      countRequest();
      const response = await fetch(target, {
        ...init,
        redirect: 'manual',
        signal: AbortSignal.any(
          [AbortSignal.timeout(timeoutMs), currentSignal(), init.signal].filter((s) => !!s),
        ),
      });
      const body = await response.arrayBuffer();
      const location = response.headers.get('location');
      if (!redirectStatuses.has(response.status) || location === null || init.method !== 'GET') {
        return withBody(response, body, target);
      }
      target = new URL(location, target).href;
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

function withBody(response: Response, body: ArrayBuffer, url: string): Response {
  const bodyless = response.status === 204 || response.status === 205 || response.status === 304;
  const whole = new Response(bodyless ? null : body, { status: response.status, headers: response.headers });
  Object.defineProperty(whole, 'url', { value: url });
  return whole;
}
