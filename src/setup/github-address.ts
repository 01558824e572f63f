import { isLoopbackName } from '../loopback.ts';

const PUBLIC_API = 'https://api.github.com';

/**
 * The API address of the GitHub that a person named: nothing or `github.com`, the base of an Enterprise Server
 * (`https://github.acme.com`, with or without `/api/v3`), a tenant of ghe.com; an address on this machine stays
 * as it is.
 *
 * @returns null if it is not such an address
 */
export function apiUrlOf(named: string): string | null {
  const text = named.trim().replace(/\/+$/, '');
  const url = URL.parse(text === '' ? PUBLIC_API : /^https?:\/\//i.test(text) ? text : `https://${text}`);
  if (url === null || url.username !== '' || url.search !== '') return null;
  const { hostname, origin, protocol, pathname } = url;
  const path = pathname.replace(/\/+$/, '');
  if (isLoopbackName(hostname)) return `${origin}${path}`;
  if (protocol !== 'https:') return null;
  if (/^(www\.|api\.)?github\.com$/.test(hostname)) return PUBLIC_API;
  if (hostname.endsWith('.ghe.com')) return hostname.startsWith('api.') ? origin : `https://api.${hostname}`;
  return path === '' || path === '/api/v3' ? `${origin}/api/v3` : null;
}

/** The address of the web pages of the GitHub whose API is at this address. */
export function pagesOf(apiUrl: string): string {
  const { hostname, origin } = new URL(apiUrl);
  return hostname.startsWith('api.') ? `https://${hostname.slice('api.'.length)}` : origin;
}
