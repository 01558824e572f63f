import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addJob } from '../api/rows.ts';
import { startTestApi, type TestApi } from '../api/support.ts';
import { connectStubTemporal, type StubTemporal } from '../temporal/stub-temporal.ts';

const COMMAND = fileURLToPath(new URL('../../src/commands/sync.ts', import.meta.url));
// Not the project's folder: an `npm start` that runs there is none of this test's business.
const folder = mkdtempSync(join(tmpdir(), 'sync-test-'));

let api: TestApi;
let temporal: StubTemporal;
beforeAll(async () => {
  temporal = await connectStubTemporal();
  await temporal.startWorker();
  api = await startTestApi({ client: temporal.client });
});
afterAll(async () => {
  await api.close();
  await temporal.close();
});

function run(changes: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: api.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    ...changes,
  };
  const child = spawn(process.execPath, [COMMAND], { env, cwd: folder, stdio: 'pipe' });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const output = () => Buffer.concat(chunks).toString();
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output: output() }));
  /** However long a busy machine takes to start it. */
  const says = async (text: string) => {
    while (!output().includes(text) && child.exitCode === null) await sleep(50);
  };
  return { ended, says };
}

/** Plays the worker's part: the job of the sweep that the command started. */
async function writeJob(status: string): Promise<void> {
  for (;;) {
    const description = await temporal.client.workflow
      .getHandle('periodic-sweep/manual')
      .describe()
      .catch(() => null);
    if (description?.status.name === 'RUNNING') {
      const run = {
        type: 'periodic_sweep',
        trigger: 'manual',
        workflowId: description.workflowId,
        runId: description.runId,
      };
      await addJob(api.db, { ...run, status: 'running' });
      await sleep(300);
      await sql`update sync_jobs set status = ${status}, finished_at = now() where status = 'running'`.execute(
        api.db,
      );
      await temporal.client.workflow.getHandle(description.workflowId).terminate();
      return;
    }
    await sleep(50);
  }
}

describe('a sweep that it started', () => {
  it.each([
    ['completed', 0],
    ['failed', 1],
    ['cancelled', 1],
    ['partial', 2],
  ])(
    '%s: exit code %i',
    async (status, code) => {
      const [result] = await Promise.all([
        run({ TEMPORAL_UI_URL: 'http://ui.example' }).ended,
        writeJob(status),
      ]);
      expect(result.code).toBe(code);
      expect(result.output).toMatch(/^Started a sweep\nhttp:\/\/ui\.example\/namespaces\//);
      expect(result.output).toContain(`Sweep ${status}`);
    },
    60_000,
  );
});

it('joins the running sweep', async () => {
  const handle = await temporal.client.workflow.start('PeriodicSweep', {
    workflowId: 'periodic-sweep-x',
    taskQueue: 'nobody-works-on-it',
  });
  const { workflowId, firstExecutionRunId: runId } = handle;
  await addJob(api.db, { type: 'periodic_sweep', status: 'running', workflowId, runId });
  const following = run();
  await following.says('Joined');
  await sql`update sync_jobs set status = 'completed', finished_at = now() where status = 'running'`.execute(
    api.db,
  );
  expect(await following.ended).toEqual({
    code: 0,
    output: expect.stringContaining('Joined the sweep that started at'),
  });
  await handle.terminate();
});

it('follows the other sweep if that was already running', async () => {
  const following = run();
  await following.says('Started');
  const handle = temporal.client.workflow.getHandle('periodic-sweep/manual');
  await addJob(api.db, {
    type: 'periodic_sweep',
    status: 'running',
    workflowId: 'periodic-sweep-y',
    runId: 'r',
  });
  await handle.terminate();
  await following.says('Another sweep');
  await sql`update sync_jobs set status = 'partial', finished_at = now() where status = 'running'`.execute(
    api.db,
  );
  expect(await following.ended).toEqual({
    code: 2,
    output: expect.stringContaining('Another sweep was already running'),
  });
});

it('tells how the other sweep ended if that was already running and has ended meanwhile', async () => {
  const following = run();
  await following.says('Started');
  await addJob(api.db, {
    type: 'periodic_sweep',
    status: 'partial',
    workflowId: 'periodic-sweep-z',
    runId: 'r',
  });
  await temporal.client.workflow.getHandle('periodic-sweep/manual').terminate();
  expect(await following.ended).toEqual({
    code: 2,
    output: expect.stringContaining('Another sweep was already running'),
  });
});

describe('exits with 3', () => {
  it.each([
    ['without settings', { DATABASE_URL: '' }, 'DATABASE_URL: set it'],
    [
      'with the database out of reach',
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' },
      'PostgreSQL at DATABASE_URL does not answer',
    ],
    ['with Temporal out of reach', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'Temporal does not answer'],
  ])('%s', async (_what, changes, message) => {
    const { code, output } = await run(changes).ended;
    expect(code).toBe(3);
    expect(output).toContain(message);
  });
});
