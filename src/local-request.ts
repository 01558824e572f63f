import type { IncomingMessage } from 'node:http';
import { isLoopbackName } from './loopback.ts';

/** Headers that proxies, tunnels and content delivery networks add, `_` for `-` too: their beginnings. */
const relayed =
  /^(forwarded|x[-_]forwarded|via$|x[-_]real[-_]ip|x[-_]client[-_]ip|x[-_]cluster[-_]client|x[-_]original|x[-_]envoy|x[-_]amzn|x[-_]arr|x[-_]azure|x[-_]appengine|x[-_]proxyuser|true[-_]client[-_]ip|client[-_]ip|cf[-_]|cdn[-_]loop|fastly[-_]|fly[-_]|ngrok[-_]|tailscale[-_])/;

/** A host and perhaps a port; nothing that an address may have around them. */
const hostHeader = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i;

/**
 * Whether a request comes straight from this machine: from a program of its own, or from a page that this very
 * server answered. What gives a proxy away: HTTP/1.0 (nginx by itself), a `Host` that is not loopback, a header that
 * only proxies add, a target with a host in it. A proxy that hides all of it looks like a program of this machine:
 * without a token there must be none.
 */
export function isLocal(request: IncomingMessage): boolean {
  const { headers } = request;
  if (!isLoopbackAddress(request.socket.remoteAddress ?? '')) return false;
  if (request.httpVersion !== '1.1' || !request.url?.startsWith('/')) return false;
  if (Object.keys(headers).some((name) => relayed.test(name))) return false;
  if (request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length > 1)
    return false;
  const host = hostOf(headers.host);
  if (host === null || !isLoopbackName(host.hostname)) return false;
  if (headers.origin !== undefined) {
    // The same program under another of this machine's names; another port is another program.
    const origin = originOf(headers.origin);
    if (origin === null || !isLoopbackName(origin.hostname) || origin.port !== host.port) return false;
  }
  return !isForeignPage(request);
}

/** What a browser says of a page's own requests; a link that a person follows may come from anywhere. */
function isForeignPage({ headers, method }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  if (headers.origin !== undefined) return false;
  return !(
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    method === 'GET'
  );
}

export function hostOf(header: string | undefined): URL | null {
  return header !== undefined && hostHeader.test(header) ? URL.parse(`http://${header}`) : null;
}

export function originOf(header: string): URL | null {
  return header.startsWith('http://') || header.startsWith('https://') ? URL.parse(header) : null;
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
