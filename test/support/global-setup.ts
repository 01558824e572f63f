import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildDashboard } from '../../dashboard/build.ts';
import { startPostgres } from '../../src/standalone/postgres-server.ts';
import { findTemporal } from '../../src/standalone/temporal-program.ts';
import { startTemporal } from '../../src/standalone/temporal-server.ts';
import { createTemplate } from './template-database.ts';
import { createNamespace } from './temporal-namespace.ts';
import { makeTestFolder } from './test-folder.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

declare global {
  /** What `global-teardown.ts` undoes, last first. */
  var undoTestSetup: (() => Promise<void>)[] | undefined;
}

/**
 * Starts one PostgreSQL and one Temporal server for the whole run, or takes those that DATABASE_URL and
 * TEMPORAL_ADDRESS name (there it makes databases and a namespace of its own and touches no others).
 * The tests find them through `database.ts` and `temporal.ts`.
 */
export default async function setup(): Promise<void> {
  const folder = makeTestFolder();
  chmodSync(folder, 0o755); // PostgreSQL enters it as another user when we are root
  const removeFolder = () => Promise.resolve(rmSync(folder, { recursive: true, force: true }));
  const undo: (() => Promise<void>)[] = (globalThis.undoTestSetup = [removeFolder]);
  const { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress } = process.env;
  await Promise.all([
    provideDatabase(databaseUrl),
    provideTemporal(temporalAddress),
    bundleWorkflows(folder),
    buildDashboard(),
  ]);
  // No test may find anything but its own by accident.
  for (const name of Object.keys(process.env)) {
    if (name === 'DATABASE_URL' || name.startsWith('TEMPORAL_')) delete process.env[name];
  }

  async function provideDatabase(given: string | undefined): Promise<void> {
    let adminUrl = given;
    if (adminUrl === undefined) {
      const server = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false, print });
      undo.push(server.stop);
      ({ adminUrl } = server);
    }
    process.env['TEST_DATABASE_URL'] = adminUrl;
    undo.push(await createTemplate(adminUrl, print));
  }

  async function provideTemporal(given: string | undefined): Promise<void> {
    if (given === undefined) {
      const program = await findTemporal(print);
      const server = await startTemporal({ program, namespace: 'default', headless: true, print });
      undo.push(server.stop);
      process.env['TEST_TEMPORAL_ADDRESS'] = server.address;
      process.env['TEST_TEMPORAL_NAMESPACE'] = 'default';
      process.env['TEST_TEMPORAL_PROGRAM'] = program;
    } else {
      process.env['TEST_TEMPORAL_ADDRESS'] = given;
      process.env['TEST_TEMPORAL_NAMESPACE'] = await createNamespace(given);
    }
  }
}

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}
