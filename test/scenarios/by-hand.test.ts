import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compareMirror } from '../support/mirror-comparison.ts';
import type { JobAnswer } from '../support/stack-outside.ts';
import { endInTheMiddle } from './end-in-the-middle.ts';
import { runProgram, temporal } from './run-program.ts';
import { useSampleStack } from './use-sample-stack.ts';

const SYNC = fileURLToPath(new URL('../../src/commands/sync.ts', import.meta.url));
const SECRET_TITLE = 'planted-title-that-no-history-may-hold';
const QUEUE = ['--task-queue', 'github-sync'];

const stack = useSampleStack();
let installationId: number;
let repositoryId: number;
beforeAll(() => {
  const { installations, repositories } = stack.sandbox.world.state;
  installationId = [...installations.keys()][0] ?? 0;
  repositoryId = [...repositories.keys()][1] ?? 0;
});

/** The newest job of a kind, once it has ended. */
function ended(query: string, since: string): Promise<JobAnswer> {
  return stack.until(`a job of ${query}`, async () => {
    const { jobs } = await stack.get<{ jobs: JobAnswer[] }>(`/api/sync/jobs/?${query}&since=${since}`);
    return jobs.find(({ status }) => status !== 'running');
  });
}

const now = (): string => new Date().toISOString();

describe('workflows started by hand', () => {
  it('imports an installation that has no row yet', async () => {
    const since = now();
    const id = `installation-import/${installationId}`;
    const input = JSON.stringify({ installationId });
    const args = ['workflow', 'start', '--type', 'InstallationImport', ...QUEUE, '--workflow-id', id];
    await temporal(stack, ...args, '--input', input);
    const job = await ended(`installation_id=${installationId}&job_type=installation_import`, since);
    expect(job).toMatchObject({ status: 'completed', trigger: 'manual', workflow_id: id });
    expect(await temporal(stack, 'workflow', 'query', '--workflow-id', id, '--type', 'progress')).toMatch(
      /"?phase"?/,
    );
    await stack.sweep();
    expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
  });

  it("compares a repository on signal-with-start, and is found by the repository's name", async () => {
    const { control } = stack.sandbox;
    control.addDeliveryFault({ kind: 'lose', times: 1 });
    const issue = control.openIssue({ repo: repositoryId, title: SECRET_TITLE });
    const since = now();
    const input = JSON.stringify({ repositoryId });
    const id = `repo-sync/${repositoryId}`;
    const signal = ['workflow', 'signal-with-start', '--signal-name', 'wake', '--type', 'RepoSync', ...QUEUE];
    await temporal(stack, ...signal, '--workflow-id', id, '--input', input);
    const job = await ended(`repository_id=${repositoryId}&job_type=repository_sync`, since);
    expect(job).toMatchObject({ status: 'completed', trigger: 'manual', issues_imported: 1 });
    expect(await stack.query('select 1 from issues where id = $1', [issue.id])).toHaveLength(1);
    const found = await stack.until('the run to be found by its search attribute', async () => {
      const list = await temporal(
        stack,
        'workflow',
        'list',
        '--query',
        `GitHubRepository = "octo-sandbox/app"`,
      );
      return list.includes(id) && list;
    });
    expect(found).toContain('RepoSync');
  });

  it('fails for a repository that has no row, with the reason', async () => {
    const handle = await stack.client.workflow.start('RepoSync', {
      workflowId: 'repo-sync/12345',
      taskQueue: 'github-sync',
      args: [{ repositoryId: 12_345 }],
    });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'REPOSITORY_UNKNOWN' } });
  });

  it('sweeps when the schedule is triggered, and when a sweep is started', async () => {
    const before = now();
    await temporal(stack, 'schedule', 'trigger', '--schedule-id', 'periodic-sweep');
    expect(await ended('job_type=periodic_sweep', before)).toMatchObject({
      status: 'completed',
      trigger: 'schedule',
    });
    const since = now();
    await temporal(
      stack,
      'workflow',
      'start',
      '--type',
      'PeriodicSweep',
      ...QUEUE,
      '--workflow-id',
      'by-hand',
    );
    expect(await ended('job_type=periodic_sweep', since)).toMatchObject({
      status: 'completed',
      trigger: 'manual',
      workflow_id: 'by-hand',
    });
  });

  it('ends the job of a run that was cancelled', async () => {
    const job = await endInTheMiddle(stack, 'cancel');
    expect(job).toMatchObject({ status: 'cancelled', error: { code: 'JOB_CANCELLED' } });
  });

  it('sweeps although the sweep before was terminated a moment ago, and again when that one is reset', async () => {
    const { control } = stack.sandbox;
    const since = now();
    const { id: fault } = control.addFault({ action: { kind: 'hang' }, match: '/app/installations' });
    const first = ['--workflow-id', 'terminated-sweep'];
    await temporal(stack, 'workflow', 'start', '--type', 'PeriodicSweep', ...QUEUE, ...first);
    const jobOf = async (workflowId: string) => {
      const path = `/api/sync/jobs/?job_type=periodic_sweep&since=${since}`;
      const { jobs } = await stack.get<{ jobs: JobAnswer[] }>(path);
      const own = jobs.filter(({ workflow_id }) => workflow_id === workflowId);
      expect(own.length).toBeLessThan(2);
      return own[0];
    };
    await stack.until('its job', () => jobOf('terminated-sweep'));
    await temporal(stack, 'workflow', 'terminate', ...first);
    control.removeFault({ id: fault });

    expect(await stack.post('/api/sync/periodic/')).toMatchObject({ workflow_id: 'periodic-sweep/manual' });
    const endOf = (workflowId: string, status: string) =>
      stack.until(`the end of ${workflowId}`, async () => (await jobOf(workflowId))?.status === status);
    await endOf('periodic-sweep/manual', 'completed');
    await endOf('terminated-sweep', 'cancelled');

    await temporal(stack, 'workflow', 'reset', ...first, '--type', 'FirstWorkflowTask', '--reason', 'test');
    await endOf('terminated-sweep', 'completed');
    const job = await jobOf('terminated-sweep');
    expect(job).toMatchObject({ error: null, duration_ms: expect.any(Number) });
    // By this a job's chain of runs is found, for example by whoever ends abandoned jobs.
    const { raw } = await stack.client.workflow.getHandle('terminated-sweep').describe();
    expect(raw.workflowExecutionInfo?.firstRunId).toBe(job?.run_id);
  });

  it('leaves no secret and nothing from GitHub in a history', async () => {
    const held: string[] = [];
    const secrets = [SECRET_TITLE, stack.sandbox.webhookSecret, 'ghs_', 'PRIVATE KEY'];
    for await (const { workflowId, runId } of stack.client.workflow.list()) {
      const history = await stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
      const text = JSON.stringify(history, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString() : value,
      );
      held.push(
        ...secrets.filter((secret) => text.includes(secret)).map((secret) => `${workflowId}: ${secret}`),
      );
    }
    expect(held).toEqual([]);
  });
});

describe('npm run sync, against the running product', () => {
  // Not the project's folder: an `npm start` that runs there is none of this test's business.
  const folder = mkdtempSync(join(tmpdir(), 'sync-scenario-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const sync = (changes: Record<string, string> = {}) =>
    runProgram('env', ['-C', folder, process.execPath, SYNC], { ...stack.env, ...changes });

  it('exits with 0 if everything was compared, 2 if some of it could not be read, 3 without Temporal', async () => {
    await stack.quiet();
    expect(await sync()).toMatchObject({ code: 0, output: expect.stringContaining('completed') });
    stack.sandbox.control.blockRepository({ repo: repositoryId, reason: 'dmca' });
    expect(await sync()).toMatchObject({ code: 2, output: expect.stringContaining('partial') });
    stack.sandbox.control.blockRepository({ repo: repositoryId, reason: null });
    expect(await sync()).toMatchObject({ code: 0 });
    expect(await sync({ TEMPORAL_ADDRESS: '127.0.0.1:1' })).toMatchObject({ code: 3 });
    await stack.quiet();
    expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
  });
});

describe('a job whose workflow was terminated', () => {
  it('is closed by a worker', async () => {
    const job = await endInTheMiddle(stack, 'terminate');
    expect(job).toMatchObject({ status: 'cancelled', error: { code: 'JOB_CANCELLED' } });
    expect(job['finished_at']).not.toBeNull();
  });
});
