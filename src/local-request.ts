import type { IncomingMessage } from 'node:http';
import { isLoopbackName } from './loopback.ts';

/** The prefixes of headers that proxies, tunnels and content delivery networks add, with `_` for `-` too. */
const relayed =
  /^(forwarded|x[-_]forwarded|via$|x[-_]real[-_]ip|x[-_]client[-_]ip|x[-_]cluster[-_]client|x[-_]original|x[-_]envoy|x[-_]amzn|x[-_]arr|x[-_]azure|x[-_]appengine|x[-_]proxy|x[-_]nginx|x[-_]varnish|x[-_]scheme|x[-_]host$|front[-_]end[-_]https|proxy[-_]|surrogate[-_]|true[-_]client[-_]ip|client[-_]ip|cf[-_]|cdn[-_]loop|fastly[-_]|fly[-_]|ngrok[-_]|tailscale[-_])/;

/** A host and optionally a port, with nothing else around them. */
const hostHeader = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i;

/**
 * Whether a request comes directly from this machine: from a local program, or from a page that this server
 * served. These give a proxy away: HTTP/1.0 (the default of nginx before 1.29.7), a `Host` that is not loopback,
 * a header that only proxies add, a request target with a host in it, a page that it served under another name.
 * A proxy that hides all of these looks like a local program, so there must be none without a token.
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
    // The same server under another of this machine's names; another port is another server.
    const origin = originOf(headers.origin);
    if (origin === null || !isLoopbackName(origin.hostname) || origin.port !== host.port) return false;
  }
  return !isForeignPage(request);
}

/** Browsers mark requests that a page makes; a link that a person follows may come from anywhere. */
function isForeignPage({ headers, method }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none')
    return isPageElsewhere(headers.referer);
  if (headers.origin !== undefined) return false;
  return !(
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    method === 'GET'
  );
}

/** Our page under the name of a proxy that rewrites `Host`, as nginx does by default: its requests say where it is. */
function isPageElsewhere(referer: string | undefined): boolean {
  return referer !== undefined && !isLoopbackName(originOf(referer)?.hostname ?? '');
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
