import { isIPv6 } from 'node:net';

/** The address at which a browser on this machine reaches what listens on `host`. */
export function ownAddress(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  return `http://${everywhere ? '127.0.0.1' : isIPv6(host) ? `[${host}]` : host}:${port}`;
}
