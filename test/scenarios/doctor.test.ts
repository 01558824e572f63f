import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { privateKey } from '../support/private-key.ts';
import { DOCTOR, runDoctor, summary } from './run-doctor.ts';
import { runProgram, temporal } from './run-program.ts';
import { useSampleStack } from './use-sample-stack.ts';

const stack = useSampleStack();
let installationId: number;
let repositoryId: number;
beforeAll(async () => {
  const { installations, repositories } = stack.sandbox.world.state;
  installationId = [...installations.keys()][0] ?? 0;
  repositoryId = [...repositories.keys()][1] ?? 0;
  await stack.sweep();
  await stack.quiet();
});

describe('npm run doctor, against the running product', () => {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-scenario-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const examine = (changes: Record<string, string> = {}, ...flags: string[]) =>
    runDoctor(stack, folder, changes, flags);

  it('reports no fault, one line per check', async () => {
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

  it('reports wrong credentials, database and Temporal settings at once', async () => {
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

  it('reports a namespace without a schedule, search attributes or a worker', async () => {
    const empty = `${stack.namespace}-empty`;
    await temporal(stack, 'operator', 'namespace', 'create', '--namespace', empty);
    const { odd } = await examine({ TEMPORAL_NAMESPACE: empty });
    expect(summary(odd)).toEqual([
      'fault schedule: the schedule periodic-sweep is missing.',
      'fault search attributes: the namespace lacks GitHubInstallationId, GitHubRepository, SyncTrigger.',
      'fault worker: no worker is polling.',
    ]);
    expect(odd.map(({ advice }) => advice)).toEqual([
      expect.stringContaining('temporal schedule create'),
      expect.stringContaining(`search-attribute create --namespace ${empty}`),
      expect.stringContaining('npm run worker'),
    ]);
  });

  it('reports every fault of the settings, and a server that does not answer', async () => {
    const settings = await examine({ GITHUB_WEBHOOK_SECRET: '', SYNC_INTERVAL: 'often' });
    expect(settings.odd.map(({ message }) => message.split(':')[0])).toEqual([
      'GITHUB_WEBHOOK_SECRET',
      'SYNC_INTERVAL',
    ]);
    const { odd } = await examine({ GITHUB_API_URL: 'http://127.0.0.1:1' });
    expect(summary(odd)).toEqual([expect.stringMatching(/^fault github: GitHub does not answer at http:/)]);
  });

  it('reports what the App lacks, and what an account has not accepted', async () => {
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

  it('reports GraphQL if it does not answer while REST does', async () => {
    const { control } = stack.sandbox;
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/graphql' });
    try {
      const { odd } = await examine();
      expect(summary(odd)).toEqual([expect.stringMatching(/^fault GraphQL: .* does not answer \(/)]);
      expect(odd[0]).toMatchObject({
        why: expect.stringContaining('only what REST shows is compared'),
        advice: expect.stringContaining('proxies and firewalls'),
      });
    } finally {
      control.clearFaults({});
    }
  });

  it('reports a webhook with another address or secret, which --fix repairs', async () => {
    const { control, webhookSecret, world } = stack.sandbox;
    const url = world.state.app.hook.url ?? '';
    control.setWebhook({ url, secret: 'of somebody else' });
    control.openIssue({ repo: repositoryId, title: 'One that is rejected' });
    await control.deliveriesDone({});
    const { odd } = await examine({ GITHUB_WEBHOOK_URL: 'https://mirror.example.com/api/github/webhook/' });
    expect(summary(odd)).toEqual([
      expect.stringMatching(/^fault webhook URL: GitHub delivers to http:.*mirror\.example\.com/),
      expect.stringMatching(/^fault deliveries: the latest \(issues\.opened at .*\): answered 401/),
    ]);
    stack.env['GITHUB_WEBHOOK_URL'] = 'https://mirror.example.com/api/github/webhook/';
    const api = await stack.start('api');
    await stack.until('the warning of the API', async () =>
      readFileSync(api.logFile, 'utf8').includes('an address other than GITHUB_WEBHOOK_URL'),
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
