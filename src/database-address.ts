import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { parse } from 'pg-connection-string';

/** Where PostgreSQL is and how to reach it, as `pg` takes it. What `DATABASE_URL` does not say, `pg` finds itself. */
export interface DatabaseAddress {
  database: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  /** false: never encrypted */
  ssl?: ConnectionOptions | boolean;
  /** parameters that each session begins with, such as `-c search_path=mirror` */
  options?: string;
}

const MODES = /^(disable|allow|prefer|require|verify-ca|verify-full|no-verify)$/;
/** They promise nothing, and `pg` does not try twice: what they ask for first, or would end with. */
const UNENCRYPTED = new Set(['disable', 'allow', 'prefer']);
/** With libpq this file means the certificates that the system trusts, which are those of Node.js here. */
const SYSTEM = 'system';

/**
 * Reads a PostgreSQL connection string as `psql` does: a socket or an IPv6 address as host, parameters for the host, and
 * `sslmode` with the meanings of libpq (https://www.postgresql.org/docs/current/libpq-ssl.html): `require` encrypts,
 * `verify-ca` and `verify-full` also verify. An encrypted connection never falls back to the clear.
 *
 * @throws Error where it cannot be read, `sslmode` is none, or a file that is named is not there; what the address contains
 * is not in its message
 */
export function databaseAddress(text: string): DatabaseAddress {
  const url = readUrl(text);
  normalizeEncryption(url.searchParams);
  const { host, port, user, password, ssl, options } = parse(url.href, { useLibpqCompat: true });
  return {
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(host ? { host } : {}),
    ...(port ? { port: Number(port) } : {}),
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
    ...(ssl === undefined ? {} : { ssl: encryption(ssl, host ?? '') }),
    ...(options === undefined ? {} : { options }),
  };
}

/** `ssl=…` is the driver's own parameter; what it does not know of it is taken for yes. */
function encryption(
  ssl: NonNullable<ReturnType<typeof parse>['ssl']>,
  host: string,
): ConnectionOptions | boolean {
  if (ssl === 'no-verify') return { rejectUnauthorized: false };
  if (typeof ssl === 'boolean' && !ssl) return false;
  const { cert, ...others } = typeof ssl === 'object' ? ssl : {};
  // The driver names no address to Node.js, which then takes a certificate of `localhost` for it.
  const verified = {
    checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(host, shown),
  };
  return { ...(isIP(host) === 0 ? {} : verified), ...others, ...(cert ? { cert } : {}) };
}

/** The parser of `pg` would take what it cannot read for a host, and fail when it connects. */
function readUrl(text: string): URL {
  const url = /^postgres(ql)?:\/\//.test(text) ? URL.parse(text) : null;
  if (
    url !== null &&
    url.pathname.length > 1 &&
    isDecodable(`${url.username}:${url.password}@${url.pathname}`)
  )
    return url;
  throw new Error(
    'must look like postgres://user:password@host:5432/database; in a password / ? # @ and % are written %2F %3F %23 %40 and %25',
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** In words that the parser knows; faults are told here, in words of our own. */
function normalizeEncryption(parameters: URLSearchParams): void {
  parameters.delete('uselibpqcompat');
  const mode = parameters.get('sslmode');
  if (mode !== null && !MODES.test(mode))
    throw new Error(`sslmode=${mode} is none of disable, allow, prefer, require, verify-ca and verify-full`);
  if (mode !== null && UNENCRYPTED.has(mode)) parameters.set('sslmode', 'disable');
  // the driver's own name for it
  if (mode === 'no-verify') parameters.set('sslmode', 'require');
  if (parameters.get('sslrootcert') === SYSTEM) {
    parameters.delete('sslrootcert');
    parameters.set('sslmode', 'verify-full');
  } else if (mode === 'verify-ca' && !parameters.has('sslrootcert')) {
    throw new Error('sslmode=verify-ca needs sslrootcert, the file of the certificates that are trusted');
  }
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = parameters.get(name);
    if (file !== null) assertReadable(name, file);
  }
}

function assertReadable(name: string, file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new Error(`${name}: cannot read ${file}`);
  }
}
