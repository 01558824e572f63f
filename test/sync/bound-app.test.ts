import { fileURLToPath } from 'node:url';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createSweepActivities } from '../../src/activities/sweep-activities.ts';
import { createLimitLedger } from '../../src/db/installations/limit-ledger.ts';
import { createGitHub } from '../../src/github/client.ts';
import { compareInstallation } from '../../src/sync/installation/compare-installation.ts';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { newPrivateKey } from '../../sandbox/world/private-key.ts';
import { runProgram } from '../scenarios/run-program.ts';
import { adminUrl } from '../support/database.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';

/** Another than the mirror's. */
const privateKey = newPrivateKey('pkcs8');

let mirror: Mirror;
let other: Sandbox;
/** What the product is when it has another App's credentials, which is installed nowhere. */
let asOther: Mirror['deps'];

beforeEach(async () => {
  mirror = await startMirror();
  other = await createSandbox({ appId: 777, privateKey, webhookUrl: 'http://127.0.0.1:9/' });
  const ledger = createLimitLedger(mirror.orm);
  asOther = { ...mirror.deps, github: createGitHub({ appId: 777, privateKey, apiUrl: other.url, ledger }) };
});
afterEach(async () => {
  await other.close();
  await mirror.close();
});

function listAsOther(): Promise<unknown> {
  const activities = createSweepActivities({
    ...asOther,
    sweepIntervalMs: 1,
    verifyIntervalMs: 1e12,
    freshForMs: 0,
    wakeImport: () => Promise.resolve(),
    reapJob: () => Promise.resolve('running'),
    wakeRepository: () => Promise.resolve(),
    searchAttributesExist: () => false,
    dashboardUrl: null,
    temporalUrl: () => null,
  });
  return new MockActivityEnvironment().run(() =>
    activities.listInstallationsAtGitHub({ jobId: mirror.jobId }),
  );
}

const uninstalled = () => mirror.rows('select 1 from installations where deleted_at is not null');
const removed = () => mirror.rows('select 1 from repositories where removed_at is not null');

it("marks nothing with another App's credentials until the database is assigned to it", async () => {
  await expect(listAsOther()).rejects.toThrow(/App 424242, .* 777/);
  const { installationId, jobId } = mirror;
  await expect(compareInstallation(asOther, { installationId, jobId, freshForMs: 0 })).rejects.toMatchObject({
    code: 'APP_MISMATCH',
  });
  expect(await uninstalled()).toEqual([]);
  expect(await removed()).toEqual([]);
  await mirror.rows(`delete from system_state where name in ('app', 'delivery_log')`);
  await listAsOther();
  expect(await uninstalled()).toHaveLength(1);
});

it("does not start a worker with another App's credentials", async () => {
  const [{ name } = { name: '' }] = await mirror.rows<{ name: string }>('select current_database() as name');
  const worker = fileURLToPath(new URL('../../src/worker.ts', import.meta.url));
  const { code, output } = await runProgram(process.execPath, [worker], {
    DATABASE_URL: new URL(name, adminUrl()).href,
    GITHUB_APP_ID: '777',
    GITHUB_APP_PRIVATE_KEY: privateKey,
    GITHUB_WEBHOOK_SECRET: 'secret',
  });
  expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^APP_MISMATCH: .*424242/m) });
});
