import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { freePort } from '../../src/standalone/free-port.ts';
import { findPostgres, platformPackage } from '../../src/standalone/postgres-program.ts';
import { startPostgres, type PostgresServer } from '../../src/standalone/postgres-server.ts';

const isRoot = process.getuid?.() === 0;
const print = (): void => undefined;

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows.at(-1)?.answer;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let servers: PostgresServer[];
  const start = async (dataDir = join(folder, 'postgres'), port?: number): Promise<PostgresServer> => {
    const server = await startPostgres({ dataDir, durable: false, print, ...(port ? { port } : {}) });
    servers.push(server);
    return server;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'postgres-test-'));
    chmodSync(folder, 0o755);
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('continues with the same data at the next start', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start();
    expect(await ask(second.url, 'select answer from kept')).toBe(42);
  });

  it('sorts text by code point', async () => {
    const { url } = await start();
    expect(
      await ask(url, "select array_agg(x order by x) as answer from unnest(array['b','A','a','é']) x"),
    ).toEqual(['A', 'a', 'b', 'é']);
  });

  it('stops a server that a killed start left behind', async () => {
    const first = await start();
    await ask(first.url, 'create table kept as select 7 as answer');
    // The supervisor is killed with no chance to end what it holds.
    process.kill(first.child.pid ?? 0, 'SIGKILL');
    await first.child.exited;
    const second = await start();
    expect(await ask(second.url, 'select answer from kept')).toBe(7);
  });

  it('starts despite the pid file of a machine that lost power', async () => {
    const first = await start();
    await first.stop();
    const file = join(folder, 'postgres', 'cluster', 'postmaster.pid');
    writeFileSync(file, `${process.pid}\n${join(folder, 'postgres', 'cluster')}\n`); // that number is ours by now
    const second = await start();
    expect(await ask(second.url, 'select 1 as answer')).toBe(1);
    expect(readFileSync(file, 'utf8')).not.toContain(`${process.pid}\n`);
  });

  it('creates the links that `npm ci --ignore-scripts` omits', () => {
    const complete = platformPackage();
    const bare = join(folder, 'package');
    cpSync(complete, bare, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    const { postgres } = findPostgres(undefined, print, bare);
    expect(postgres).toBe(join(bare, 'native', 'bin', 'postgres'));
    expect(lstatSync(join(bare, 'native', 'lib', 'libpq.so.5')).isSymbolicLink()).toBe(true);
  });

  it('reports which port is in use and what to do', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(start(undefined, port)).rejects.toThrow(
      `Port ${port} is taken: PostgreSQL cannot listen there. Stop the process that listens there, or set DATABASE_URL to use it.`,
    );
    other.close();
  });

  // Run as root, PostgreSQL has another user, who cannot enter there; run as anybody else it has not.
  it('works below a folder that only its owner can enter', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const first = await start(join(closed, '.data', 'postgres'));
    await ask(first.url, 'create table kept as select 9 as answer');
    await first.stop();
    const place = join(closed, '.data', 'postgres');
    expect(lstatSync(place).isSymbolicLink()).toBe(isRoot);
    const second = await start(place);
    expect(await ask(second.url, 'select answer from kept')).toBe(9);
    expect(statSync(join(place, 'cluster')).uid).not.toBe(0);
    await second.stop();
    rmSync(realpathSync(place), { recursive: true, force: true });
  });
});
