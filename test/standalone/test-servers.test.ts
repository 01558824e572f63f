import { afterAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase } from '../support/database.ts';
import { connectTestTemporal } from '../support/temporal.ts';

describe('the servers of a test run', () => {
  const undo: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const step of undo) await step();
  });

  it('give every test a database of its own', async () => {
    const databases = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
    undo.push(...databases.map((database) => database.drop));
    const names: unknown[] = [];
    for (const { url } of databases) {
      const client = new Client({ connectionString: url });
      await client.connect();
      names.push((await client.query('select current_database() as name')).rows[0].name);
      await client.end();
    }
    expect(new Set(names).size).toBe(3);
  });

  it('serve the product’s search attributes', async () => {
    const temporal = await connectTestTemporal();
    undo.push(temporal.close);
    const { customAttributes } = await temporal.connection.operatorService.listSearchAttributes({
      namespace: temporal.namespace,
    });
    expect(Object.keys(customAttributes ?? {})).toEqual(
      expect.arrayContaining(['GitHubInstallationId', 'GitHubRepository', 'SyncTrigger']),
    );
  });
});
