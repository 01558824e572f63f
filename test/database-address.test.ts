import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { databaseAddress } from '../src/database-address.ts';
import { createOrm, sqlOf } from '../src/db/orm.ts';
import { adminUrl } from './support/database.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

it.each([
  ['postgres://u:p%40%2F@[::1]:5433/db', { host: '::1', port: 5433, user: 'u', password: 'p@/' }],
  ['postgresql:///db?host=/var/run/postgresql', { host: '/var/run/postgresql' }],
  ['postgres://%2Fvar%2Frun%2Fpostgresql/db', { host: '/var/run/postgresql' }],
  ['postgres://u@host/db?options=-c%20search_path%3Dx', { options: '-c search_path=x' }],
  ['postgres://u@host/db?application_name=mine', { application_name: 'mine' }],
  ['postgres://u@host/db?target_session_attrs=primary&channel_binding=prefer', { host: 'host' }],
  ['postgres://u@host/db?connect_timeout=15', { connectionTimeoutMillis: 15_000 }],
  ['postgres://u@host/db?pgbouncer=true', { host: 'host' }],
  [
    'postgres://u:a,b@host/db?sslmode=require&sslnegotiation=direct',
    { password: 'a,b', sslnegotiation: 'direct' },
  ],
  ['postgres://u@host/db', { ssl: undefined }],
  ['postgres://u@host/db?sslmode=disable', { ssl: false }],
  ['postgres://u@host/db?sslmode=prefer', { ssl: false }],
  ['postgres://u@host/db?sslmode=require', { ssl: { rejectUnauthorized: false } }],
  ['postgres://u@host/db?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
  ['postgres://u@host/db?sslmode=verify-full', { ssl: {} }],
  ['postgres://u@host/db?sslmode=require&sslrootcert=system', { ssl: {} }],
  ['postgres://u@host/db?sslmode=verify-full&uselibpqcompat=true', { ssl: {} }],
  ['postgres://u@host/db?ssl=true', { ssl: {} }],
])('reads %s as psql does', (url, address) => {
  const read = databaseAddress(url);
  expect({ ssl: undefined, ...read }).toMatchObject({ database: 'db', ...address });
});

it.each([
  ['postgres://u:hunter2@a,b/db', 'names several hosts; name one that always leads to the primary'],
  ['postgres://u:hunter2@a:5432,b:5433/db', 'names several hosts'],
  ['postgresql:///db?host=a,b', 'names several hosts'],
  ['postgres://u:hunter2@a/db?target_session_attrs=standby', 'target_session_attrs may be any or read-write'],
  ['postgres://u:hunter2@a/db?channel_binding=require', 'channel_binding=require needs sslmode=require'],
  ['postgres://u:hunter2@a/db?channel_binding=always', 'channel_binding may be disable or prefer or require'],
  ['postgres://u:hunter2@a/db?sslnegotiation=soon', 'sslnegotiation may be postgres or direct'],
  ['postgres://u:hunter2@a/db?sslnegotiation=direct&sslmode=prefer', 'sslnegotiation=direct needs sslmode'],
  [
    'postgres://u:hunter2@a/db?search_path=x',
    'search_path is not known here; write options=-c%20search_path%3D',
  ],
  ['postgres://u:hunter2@a/db?dbname=x', 'dbname is not known here; name the database in the path'],
  ['postgres://u:hunter2@a/db?connect_timeout=0', 'connect_timeout may be 1 to 60 seconds'],
  ['postgres://u:hunter2@a/db?connect_timeout=1e1', 'connect_timeout may be 1 to 60 seconds'],
  ['postgres://u:hunter2@a/db?pgbouncer=maybe', 'pgbouncer may be true or false'],
  ['postgres://u:hunter2@a/db?connection_limit=1', 'connection_limit is not known here; leave it out: docs'],
  ['postgres://u:hunter2@a/db?constructor=1', 'the parameter constructor is not known here; leave it out'],
])('%s is refused, not read in part', (url, words) => {
  expect(() => databaseAddress(url)).toThrow(words);
  expect(() => databaseAddress(url)).not.toThrow('hunter2');
});

it.each(['sslmode=verify-full', 'sslmode=require&channel_binding=require'])(
  'verifies the certificate with %s',
  (parameters) => {
    const { ssl } = databaseAddress(`postgres://u@host/db?${parameters}`);
    expect(ssl).not.toHaveProperty('rejectUnauthorized', false);
  },
);

/** What a server without encryption does: says no to whoever asks for it, and notes what else it is sent. */
async function startPlainServer(): Promise<{ port: number; received: Buffer[] }> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received.push(bytes);
      socket.write('N');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  return { port: address.port, received };
}

/** A client asks for encryption by this: https://www.postgresql.org/docs/current/protocol-message-formats.html (SSLRequest) */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

it.each(['require', 'verify-full'])(
  'sends nothing in clear text to a server without encryption with sslmode=%s',
  async (mode) => {
    const { port, received } = await startPlainServer();
    const databaseUrl = `postgres://user:hunter2@127.0.0.1:${port}/database?sslmode=${mode}`;
    const orm = createOrm({ databaseUrl, poolSize: 1, name: 'test' });
    closing.push(() => orm.close(true));
    await expect(sql`select 1`.execute(sqlOf(orm))).rejects.toThrow('does not support SSL');
    expect(Buffer.concat(received)).toEqual(SSL_REQUEST);
  },
);

it('verifies an IP address as that address, not as localhost', () => {
  const { ssl } = databaseAddress('postgres://u@10.0.0.7/db?sslmode=verify-full');
  if (typeof ssl !== 'object' || ssl.checkServerIdentity === undefined) throw new Error('nobody is verified');
  // What is looked at of a certificate.
  const shown = { subject: { CN: 'localhost' }, subjectaltname: 'DNS:localhost, IP Address:10.0.0.8' };
  const fault: unknown = Reflect.apply(ssl.checkServerIdentity, undefined, ['localhost', shown]);
  expect(fault).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

it('takes host, port, options and the sessions’ name from the parameters to every session', async () => {
  const { hostname, port, username, password, pathname } = new URL(adminUrl());
  const databaseUrl =
    `postgres://${username}:${password}@no.such.host.invalid${pathname}` +
    `?host=${hostname}&port=${port || 5432}&options=-c%20work_mem%3D1234kB&application_name=mine`;
  const orm = createOrm({ databaseUrl, poolSize: 1, name: 'test' });
  closing.push(() => orm.close(true));
  const { rows } = await sql`select current_setting('work_mem') as work_mem,
    current_setting('application_name') as name`.execute(sqlOf(orm));
  expect(rows).toEqual([{ work_mem: '1234kB', name: 'mine' }]);
});

it('gives up a connection after connect_timeout', async () => {
  const server = createServer((socket) => void closing.push(() => socket.destroy())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  const databaseUrl = `postgres://user@127.0.0.1:${address.port}/database?connect_timeout=1`;
  const orm = createOrm({ databaseUrl, poolSize: 1, name: 'test' });
  closing.push(() => orm.close(true));
  const begun = performance.now();
  await expect(sql`select 1`.execute(sqlOf(orm))).rejects.toThrow(/timeout/);
  // Without it, after 5 s.
  expect(performance.now() - begun).toBeLessThan(4500);
});
