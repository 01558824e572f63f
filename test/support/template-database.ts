import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const MIGRATE = fileURLToPath(new URL('../../src/db/migrate.ts', import.meta.url));

/**
 * Makes the migrated database that every test's own is copied from (a copy takes 25 ms, migrating far longer).
 * Returns what drops it again. A failing migration fails the tests that want a database, not the others.
 */
export async function createTemplate(adminUrl: string, say: (line: string) => void): Promise<() => Promise<void>> {
  const name = `template_github_auto_sync_${process.pid}`;
  await run(adminUrl, `create database ${name}`);
  process.env['TEST_DATABASE_TEMPLATE'] = name;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  try {
    if (existsSync(MIGRATE)) {
      const { migrate } = (await import(MIGRATE)) as { migrate: (url: string, log: unknown) => Promise<void> };
      await migrate(url.href, silentLog);
    }
  } catch (error) {
    process.env['TEST_DATABASE_FAILURE'] = String(error);
    say(`The test database could not be migrated: ${String(error)}`);
  }
  return () => run(adminUrl, `drop database if exists ${name} with (force)`);
}

const silentLog = { info() {}, warn() {}, error() {}, debug() {}, trace() {}, fatal() {} };

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
