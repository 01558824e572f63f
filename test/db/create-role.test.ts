import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, type QueryResultRow } from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { createLogger } from '../../src/logger.ts';
import { adminUrl } from '../support/database.ts';

const script = readFileSync('ops/postgres/create-role.sh', 'utf8');
const name = `role_${randomBytes(6).toString('hex')}`;
const own = new URL(adminUrl());
own.username = name;
own.password = "it's a password";
own.pathname = `/${name}`;

/** The script's statements, with the values that psql puts into them. */
const statements = [...script.matchAll(/<<'SQL'\n(.*?)^SQL$/gms)]
  .flatMap(([, text = '']) => text.split(';\n'))
  .map((text) => text.replaceAll(/:"\w+"/g, name).replaceAll(":'password'", `'it''s a password'`))
  .filter((text) => text.trim() !== '');
const ofSuperuser = 'alter role postgres password null';

async function ask<Row extends QueryResultRow>(url: string, ...queries: string[]): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Row[] = [];
    for (const query of queries) ({ rows } = await client.query<Row>(query));
    return rows;
  } finally {
    await client.end();
  }
}

beforeAll(() => ask(adminUrl(), ...statements.filter((statement) => statement !== ofSuperuser)));
afterAll(() => ask(adminUrl(), `drop database ${name} with (force)`, `drop role ${name}`));

it('creates a role that may only own its database', async () => {
  expect(statements).toContain(ofSuperuser);
  const roles = await ask(
    own.href,
    `select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = '${name}'`,
  );
  expect(roles).toEqual([
    {
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
      rolbypassrls: false,
    },
  ]);
  await expect(ask(own.href, `copy (select 1) to program 'true'`)).rejects.toThrow(
    /permission denied|must be superuser/,
  );
});

it('lets that role migrate its database', async () => {
  await migrate(own.href, createLogger('test', 'silent'));
  const [count] = await ask<{ n: number }>(own.href, 'select count(*)::int as n from schema_migrations');
  expect(count?.n).toBeGreaterThan(0);
  // Temporal's visibility schema makes this extension.
  await ask(own.href, 'create extension btree_gin');
});
