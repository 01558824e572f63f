import { isLoopbackName } from '../../loopback.ts';

/** Differences between github.com and other GitHubs, derived from the API's base address. */
export interface GitHubServer {
  /** matches the host of this GitHub's noreply addresses */
  noreplyHost: RegExp;
  /** how long deliveries stay in the App's delivery log */
  logKeptMs: number;
}

const DAY = 24 * 3_600_000;

/**
 * github.com and data residency keep the delivery log for 3 days, Enterprise Server for 7
 * (https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks). Noreply
 * addresses end in `users.noreply.` and the server's own name; a server on this machine may have any.
 */
export function serverOf(apiUrl: string): GitHubServer {
  const { hostname, pathname } = new URL(apiUrl);
  const host = hostname.replace(/^api\./, '');
  const name = isLoopbackName(hostname) ? '[^@\\s]+' : host.replaceAll('.', String.raw`\.`);
  return {
    noreplyHost: new RegExp(`^users\\.noreply\\.${name}$`, 'i'),
    logKeptMs: (pathname.startsWith('/api/v3') ? 7 : 3) * DAY,
  };
}

/**
 * Translates an address under another of the server's names to the configured base: a server behind a proxy may
 * use another name in `Link` and `Location`. Only path and query are kept; with the base's own prefix,
 * `/api/v3`, or none.
 */
export function atBase(apiUrl: string, address: string): string {
  const base = new URL(apiUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const { pathname, search } = new URL(address, base);
  if (prefix !== '' && pathname.startsWith(`${prefix}/`)) return `${base.origin}${pathname}${search}`;
  const path = pathname.startsWith('/api/v3/') ? pathname.slice('/api/v3'.length) : pathname;
  return `${base.origin}${prefix}${path}${search}`;
}
