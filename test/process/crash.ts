import { once } from 'node:events';
import { Client } from 'pg';
import { runRole } from '../../src/process/run-role.ts';

/** A role in which nobody catches that PostgreSQL rejects a value. */
await runRole(async (env) => {
  const client = new Client({ connectionString: env['DATABASE_URL'] });
  await client.connect();
  await client.query('create temporary table texts (text text primary key)');
  void client.query(`insert into texts values ('a planted text'), ('a planted text')`);
  await once(client, 'never');
  return 0;
}, 'usage');
