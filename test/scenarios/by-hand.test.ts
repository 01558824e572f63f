import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { compareMirror } from '../support/mirror-comparison.ts';
import { privateKey } from '../support/private-key.ts';
import type { JobAnswer } from '../support/stack-outside.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { endInTheMiddle } from './end-in-the-middle.ts';
import { DOCTOR, runDoctor, summary } from './run-doctor.ts';
import { runProgram, temporal } from './run-program.ts';

const SYNC = fileURLToPath(new URL('../../src/commands/sync.ts', import.meta.url));
const SECRET_TITLE = 'planted-title-that-no-history-may-hold';
const QUEUE = ['--task-queue', 'github-sync'];

let stack: Stack;
let installationId: number;
let repositoryId: number;
beforeAll(async () => {
  stack = await startStack({ sandbox: { populate: (world) => seedWorld(world, { scale: 0.01 }) } });
  const { installations, repositories } = stack.sandbox.world.state;
  installationId = [...installations.keys()][0] ?? 0;
  repositoryId = [...repositories.keys()][1] ?? 0;
});
afterAll(() => stack.close());

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

  it('compares a repository on signal-with-start, and can be found by its name', async () => {
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

  it('fails for a repository that has no row, saying so', async () => {
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

  it('leaves no secret and no word of GitHub in a history', async () => {
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

  it('says 0 when all was compared, 2 when some of it could not be read, 3 without Temporal', async () => {
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

describe('npm run doctor, against the running product', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-scenario-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const examine = (changes: Record<string, string> = {}, ...flags: string[]) =>
    runDoctor(stack, folder, changes, flags);

  it('finds all well, a line for each check', async () => {
    const { port } = new URL(stack.url);
    const own = { GITHUB_WEBHOOK_URL: `http://127.0.0.1:${port}/api/github/webhook/` };
    stack.sandbox.control.openIssue({ repo: repositoryId, title: 'One that is delivered' });
    await stack.quiet();
    const { checks, odd } = await examine(own);
    expect(summary(odd)).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual([
      'github',
      'clock',
      'credentials',
      'permissions',
      'events',
      'installations',
      'GraphQL',
      'webhook URL',
      'webhook secret',
      'deliveries',
      'database',
      'schema',
      'connections',
      'mirror',
      'temporal',
      'schedule',
      'search attributes',
      'worker',
    ]);
    const lines = await runProgram('env', ['-C', folder, process.execPath, DOCTOR], { ...stack.env, ...own });
    expect(lines).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^(OK .+\n){18}18 checks, 0 faults/),
    });
  });

  it('tells credentials, database and Temporal that are wrong, all at once', async () => {
    const { odd } = await examine({
      GITHUB_APP_PRIVATE_KEY: privateKey,
      DATABASE_URL: 'postgres://nobody:hunter2-hunter2@127.0.0.1:1/none',
      TEMPORAL_NAMESPACE: 'no-such-namespace',
    });
    expect(summary(odd)).toEqual([
      expect.stringMatching(/^fault credentials: GitHub refuses them/),
      expect.stringMatching(/^fault database: PostgreSQL at DATABASE_URL does not answer/),
      expect.stringMatching(/^fault temporal: Temporal has no namespace no-such-namespace/),
    ]);
    expect(JSON.stringify(odd)).not.toContain('hunter2');
    expect(odd.filter(({ why, advice }) => !why || !advice)).toEqual([]);
  });

  it('tells a namespace that has no schedule, no search attributes and no worker', async () => {
    const empty = `${stack.namespace}-empty`;
    await temporal(stack, 'operator', 'namespace', 'create', '--namespace', empty);
    const { odd } = await examine({ TEMPORAL_NAMESPACE: empty });
    expect(summary(odd)).toEqual([
      'fault schedule: there is no schedule periodic-sweep.',
      'fault search attributes: the namespace lacks GitHubInstallationId, GitHubRepository, SyncTrigger.',
      'fault worker: no worker asks for work.',
    ]);
    expect(odd.map(({ advice }) => advice)).toEqual([
      expect.stringContaining('temporal schedule create'),
      expect.stringContaining(`search-attribute create --namespace ${empty}`),
      expect.stringContaining('npm run worker'),
    ]);
  });

  it('tells every fault of the settings, and a server that nobody answers at', async () => {
    const settings = await examine({ GITHUB_WEBHOOK_SECRET: '', SYNC_INTERVAL: 'often' });
    expect(settings.odd.map(({ message }) => message.split(':')[0])).toEqual([
      'GITHUB_WEBHOOK_SECRET',
      'SYNC_INTERVAL',
    ]);
    const { odd } = await examine({ GITHUB_API_URL: 'http://127.0.0.1:1' });
    expect(summary(odd)).toEqual([expect.stringMatching(/^fault github: nothing answers at http:/)]);
  });

  it('tells what the App lacks, and what an account has not accepted', async () => {
    const { app, installations } = stack.sandbox.world.state;
    const installation = [...installations.values()][0];
    const before = { permissions: app.permissions, events: app.events, own: installation?.permissions ?? {} };
    const { issues: _issues, members: _members, ...rest } = app.permissions;
    app.permissions = rest;
    app.events = app.events.filter((event) => event !== 'push' && event !== 'organization');
    const { pull_requests: _pulls, ...accepted } = before.own;
    if (installation) installation.permissions = accepted;
    try {
      const { odd } = await examine();
      expect(summary(odd)).toEqual([
        'fault permissions: the App lacks issues.',
        'warning permissions: the App lacks members.',
        'fault events: the App is not subscribed to push.',
        `fault installations: octo-sandbox (installation ${installationId}) has not accepted pull_requests.`,
      ]);
    } finally {
      Object.assign(app, { permissions: before.permissions, events: before.events });
      if (installation) installation.permissions = before.own;
    }
  });

  it('tells a GraphQL that does not answer while REST does', async () => {
    const { control } = stack.sandbox;
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/graphql' });
    try {
      const { odd } = await examine();
      expect(summary(odd)).toEqual([expect.stringMatching(/^fault GraphQL: .* does not answer \(/)]);
      expect(odd[0]).toMatchObject({
        why: expect.stringContaining('nothing is compared'),
        advice: expect.stringContaining('proxies and firewalls'),
      });
    } finally {
      control.clearFaults({});
    }
  });

  it('tells a webhook that leads elsewhere or is signed otherwise, and --fix mends it', async () => {
    const { control, webhookSecret, world } = stack.sandbox;
    const url = world.state.app.hook.url ?? '';
    control.setWebhook({ url, secret: 'of somebody else' });
    control.openIssue({ repo: repositoryId, title: 'One that is rejected' });
    await control.deliveriesDone({});
    const { odd } = await examine({ GITHUB_WEBHOOK_URL: 'https://mirror.example.com/api/github/webhook/' });
    expect(summary(odd)).toEqual([
      expect.stringMatching(/^fault webhook URL: GitHub delivers to http:.*mirror\.example\.com/),
      expect.stringMatching(/^fault deliveries: the newest \(issues\.opened at .*\): answered 401/),
    ]);
    stack.env['GITHUB_WEBHOOK_URL'] = 'https://mirror.example.com/api/github/webhook/';
    const api = await stack.start('api');
    await stack.until('the warning of the API', async () =>
      readFileSync(api.logFile, 'utf8').includes('another address than GITHUB_WEBHOOK_URL'),
    );
    await api.kill('SIGTERM');
    const fixed = await examine({ GITHUB_WEBHOOK_URL: url }, '--fix');
    expect(summary(fixed.odd)).toEqual([]);
    expect(fixed.checks.find(({ check }) => check === 'fix')?.message).toContain('with the secret');
    expect(world.state.app.hook).toMatchObject({ url, secret: webhookSecret });
    delete stack.env['GITHUB_WEBHOOK_URL'];
    await stack.quiet();
  });
});

describe('a job whose workflow was terminated', () => {
  it('is ended by the worker that notices it', async () => {
    const job = await endInTheMiddle(stack, 'terminate');
    expect(job).toMatchObject({ status: 'cancelled', error: { code: 'JOB_CANCELLED' } });
    expect(job['finished_at']).not.toBeNull();
  });
});
