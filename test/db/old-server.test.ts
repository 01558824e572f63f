import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { freePort } from '../../src/standalone/free-port.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { privateKey } from '../support/private-key.ts';

const FAULT = 'PostgreSQL 14 or newer is needed, this is 13.23';

/** A database in which the server says that it is 13.23: what it is asked for by name stands in a schema before its own. */
let old: TestDatabase;
beforeAll(async () => {
  old = await createTestDatabase();
  const client = new Client({ connectionString: old.url });
  await client.connect();
  await client.query(`
    create schema thirteen;
    create function thirteen.current_setting(name text) returns text language sql as $$
      select case name when 'server_version' then '13.23 (Debian 13.23-1)' when 'server_version_num' then '130023'
        else pg_catalog.current_setting(name) end $$;
    alter database ${old.name} set search_path = thirteen, pg_catalog, public`);
  await client.end();
});
afterAll(() => old.drop());

async function run(program: string, ...args: string[]): Promise<{ code: number | null; told: string }> {
  const env = {
    PATH: process.env['PATH'],
    GITHUB_APP_ID: '1',
    GITHUB_APP_PRIVATE_KEY: privateKey,
    GITHUB_WEBHOOK_SECRET: 'a planted secret',
    // Nobody is there: what says that the database is too old must not wait for others.
    GITHUB_API_URL: 'http://127.0.0.1:1',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    DATABASE_URL: old.url,
    PORT: String(await freePort()),
  };
  const path = fileURLToPath(new URL(`../../src/${program}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const told = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, 'close');
  return { code: child.exitCode, told: (await told).join('') };
}

it.each([
  ['db/migrate.ts', 1],
  ['api/server.ts', 1],
  ['worker.ts', 1],
  ['commands/sync.ts', 3],
])('names the required and the present version: %s', async (program, code) => {
  const ended = await run(program);
  expect(ended.told).toContain(FAULT);
  expect(ended.told).not.toMatch(/syntax error|does not answer|migrate"/);
  expect(ended.code).toBe(code);
});

it('is reported by doctor once, without its consequences', async () => {
  const { code, told } = await run('commands/doctor.ts', '--json');
  const { checks }: { checks: { check: string; message: string }[] } = JSON.parse(told);
  const ofDatabase = checks.filter(({ check }) => ['database', 'schema', 'connections'].includes(check));
  expect(ofDatabase).toMatchObject([{ check: 'database', message: 'PostgreSQL 13.23 is too old.' }]);
  expect(code).toBe(1);
});
