import { accessSync, constants } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { parse } from 'pg-connection-string';
import { checkParameters, namesSeveralHosts, severalHosts } from './database-parameters.ts';

/**
 * Where PostgreSQL is and how to reach it, in the form `pg` takes. `pg` fills in what `DATABASE_URL` leaves
 * out.
 */
export interface DatabaseAddress {
  database: string;
  host?: string;
  port?: number;
  user?: string;
  password?: string;
  /** false: never encrypted */
  ssl?: ConnectionOptions | boolean;
  /** parameters for each session, such as `-c search_path=mirror` */
  options?: string;
  /** what the sessions are called; each process has a name of its own without it */
  application_name?: string;
  /** encryption begins at once, without being asked for */
  sslnegotiation?: 'direct';
  /** how long a connection may take to open; 5 s without it */
  connectionTimeoutMillis?: number;
}

const MODES = /^(disable|allow|prefer|require|verify-ca|verify-full|no-verify)$/;
/** These modes guarantee nothing, and `pg` does not retry with or without encryption as libpq does. */
const UNENCRYPTED = new Set(['disable', 'allow', 'prefer']);
/** In libpq this value means the system's trusted certificates; here those of Node.js. */
const SYSTEM = 'system';

/**
 * Reads a PostgreSQL connection string as `psql` does: a socket or an IPv6 address as host, parameters for the
 * host, and `sslmode` with libpq's meanings (https://www.postgresql.org/docs/current/libpq-ssl.html): `require`
 * encrypts, `verify-ca` and `verify-full` also verify. An encrypted connection never falls back to plain text.
 *
 * @throws Error if it cannot be parsed, a parameter is unknown or asks for what cannot be kept, or a named file
 * is missing; the message never contains the address
 */
export function databaseAddress(text: string): DatabaseAddress {
  const url = readUrl(text);
  checkParameters(url.searchParams);
  normalizeEncryption(url.searchParams);
  const name = url.searchParams.get('application_name');
  const connectSeconds = url.searchParams.get('connect_timeout');
  const isDirect = url.searchParams.get('sslnegotiation') === 'direct';
  const { host, port, user, password, ssl, options } = parse(url.href, { useLibpqCompat: true });
  // Otherwise every connection would fail in the driver.
  if (isDirect && ssl === false)
    throw new Error('sslnegotiation=direct needs sslmode=require, verify-ca or verify-full');
  return {
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(host ? { host } : {}),
    ...(port ? { port: Number(port) } : {}),
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
    ...(ssl === undefined ? {} : { ssl: encryption(ssl, host ?? '') }),
    ...(options === undefined ? {} : { options }),
    ...(name === null ? {} : { application_name: name }),
    ...(isDirect ? { sslnegotiation: 'direct' } : {}),
    ...(connectSeconds === null ? {} : { connectionTimeoutMillis: Number(connectSeconds) * 1000 }),
  };
}

/** `ssl=…` is the driver's own parameter; the driver treats unknown values as true. */
function encryption(
  ssl: NonNullable<ReturnType<typeof parse>['ssl']>,
  host: string,
): ConnectionOptions | boolean {
  if (ssl === 'no-verify') return { rejectUnauthorized: false };
  if (typeof ssl === 'boolean' && !ssl) return false;
  const { cert, ...others } = typeof ssl === 'object' ? ssl : {};
  // The driver passes no host name to Node.js, which would then expect a certificate for `localhost`.
  const verified = {
    checkServerIdentity: (_: string, shown: PeerCertificate) => checkServerIdentity(host, shown),
  };
  return { ...(isIP(host) === 0 ? {} : verified), ...others, ...(cert ? { cert } : {}) };
}

/** `pg`'s own parser would treat unparsable text as a host and fail on connecting. */
function readUrl(text: string): URL {
  if (namesSeveralHosts(text)) throw severalHosts();
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

/** Rewrites `sslmode` in terms that the parser knows, and reports faults with our own messages. */
function normalizeEncryption(parameters: URLSearchParams): void {
  parameters.delete('uselibpqcompat');
  const mode = parameters.get('sslmode');
  if (mode !== null && !MODES.test(mode))
    throw new Error(`sslmode=${mode} is none of disable, allow, prefer, require, verify-ca and verify-full`);
  if (mode !== null && UNENCRYPTED.has(mode)) parameters.set('sslmode', 'disable');
  if (parameters.get('channel_binding') === 'require') {
    if (!/^(require|verify-ca|verify-full)$/.test(mode ?? ''))
      throw new Error('channel_binding=require needs sslmode=require, verify-ca or verify-full');
    // The driver cannot insist on it. The server's certificate proves as well whose server it is.
    if (mode === 'require' && !parameters.has('sslrootcert')) parameters.set('sslmode', 'verify-full');
  }
  // the driver's own name
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
