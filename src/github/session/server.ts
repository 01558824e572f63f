import { isLoopbackName } from '../../loopback.ts';

/** What differs between github.com and other GitHubs, as the API's base address tells. */
export interface GitHubServer {
  /** matches the host of the addresses that this GitHub makes for accounts that hide their own */
  noreplyHost: RegExp;
  /** how long deliveries stay in the App's log */
  logKeptMs: number;
}

const DAY = 24 * 3_600_000;

/**
 * github.com and data residency keep the log of deliveries for 3 days, Enterprise Server for 7
 * (https://docs.github.com/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks). Noreply addresses end in
 * `users.noreply.` and the server's own name; one that answers on this machine may have any.
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
 * The address at the configured base that another of the server's names points to: a server behind a proxy calls
 * itself otherwise in `Link` and `Location`. Only path and query are taken; with the base's own prefix, `/api/v3`, or none.
 */
export function atBase(apiUrl: string, address: string): string {
  const base = new URL(apiUrl);
  const prefix = base.pathname.replace(/\/+$/, '');
  const { pathname, search } = new URL(address, base);
  if (prefix !== '' && pathname.startsWith(`${prefix}/`)) return `${base.origin}${pathname}${search}`;
  const path = pathname.startsWith('/api/v3/') ? pathname.slice('/api/v3'.length) : pathname;
  return `${base.origin}${prefix}${path}${search}`;
}
