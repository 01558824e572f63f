import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { examples, serverExamples, type Example } from '../support/examples.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** Every payload that GitHub publishes as an example, of github.com and of an Enterprise Server. */
const published = [...examples, ...serverExamples()].filter(({ name }) => name !== 'ping');

const repo = 'acme/app';
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

async function post({ name, payload }: Example): Promise<number> {
  const body = JSON.stringify(payload);
  const answer = await fetch(`${stack.url}/api/github/webhook/`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': name,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': await sign(stack.sandbox.webhookSecret, body),
    },
  });
  return answer.status;
}

/** Longer than the API takes to look for deliveries whose wake was lost. */
const POLLS_MS = 5000;

/** What is asked of GitHub, and which jobs are opened, while nothing happens. */
async function stirrings(): Promise<{ requests: number; jobs: number }> {
  const count = async () =>
    Number((await stack.query<{ n: string }>('select count(*) as n from sync_jobs'))[0]?.n);
  const before = await count();
  stack.sandbox.control.resetStats({});
  await sleep(POLLS_MS);
  return { requests: stack.sandbox.control.stats().requests, jobs: (await count()) - before };
}

it('costs few requests, and then none, for a push while pull requests are switched off', async () => {
  const { control } = stack.sandbox;
  control.createAccount({ login: 'acme', type: 'Organization' });
  control.createRepository({ owner: 'acme', name: 'app' });
  control.push({ repo, commits: 3 });
  control.openIssue({ repo });
  control.openPull({ repo, head: 'feature' });
  control.editRepository({ repo, hasPullRequests: false });
  control.install({ account: 'acme' });
  await stack.quiet();
  control.resetStats({});
  control.push({ repo, commits: 2 });
  control.push({ repo, branch: 'feature', commits: 1 });
  await stack.quiet();
  // Of the 30 that a minute may have: all of them come before it is quiet.
  expect(control.stats().requests).toBeLessThanOrEqual(30);
  expect(await stirrings()).toEqual({ requests: 0, jobs: 0 });
  expect(await stack.query('select sync_status, sync_error from repositories')).toEqual([
    { sync_status: 'fresh', sync_error: null },
  ]);
});

it('completes every published payload, whether or not it is about a mirrored repository', async () => {
  const [own] = await stack.query<{ id: string; installation_id: string; full_name: string }>(
    'select id, installation_id, full_name from repositories',
  );
  const repository = { id: Number(own?.id), full_name: own?.full_name };
  const installation = { id: Number(own?.installation_id) };
  const asOurs = published
    .filter(({ payload }) => 'repository' in payload)
    .map(({ name, payload }) => ({
      name,
      payload: { ...payload, installation, repository: Object.assign({}, payload['repository'], repository) },
    }));
  const sent = [...published, ...asOurs];
  expect(sent.length).toBeGreaterThan(700);
  const statuses = await Promise.all(sent.map(post));
  expect([...new Set(statuses)]).toEqual([202]);
  await stack.quiet();
  const ended = await stack.query<{ status: string }>('select distinct status from webhook_deliveries');
  expect(ended.map(({ status }) => status).sort()).toEqual(expect.arrayContaining(['ignored', 'processed']));
  const unexplained = `select event, action from webhook_deliveries
    where status = 'failed' and error is null or status = 'ignored' and attempts > 0 and error is null`;
  expect(await stack.query(unexplained)).toEqual([]);
  expect(await stirrings()).toEqual({ requests: 0, jobs: 0 });
  expect(await stack.get<{ status: string }>('/api/sync/health/')).toMatchObject({
    status: expect.stringMatching(/^(healthy|degraded)$/),
    webhooks: { pending: 0 },
  });
});

it('follows GitHub through its delivery log if no webhook arrives', async () => {
  const { control } = stack.sandbox;
  await stack.kill('worker', 'SIGTERM');
  stack.env['SYNC_DELIVERY_LOG_INTERVAL'] = '1s';
  await Promise.all([stack.start('worker'), stack.start('worker')]);
  control.setWebhook({ url: 'http://127.0.0.1:9/nobody' });
  const { id } = control.openIssue({ repo, title: 'Seen behind a firewall' });
  await stack.until('the change', async () => {
    const found = await stack.query('select 1 from issues where id = $1', [id]);
    return found.length === 1;
  });
  await stack.quiet();
  const [newest] = await stack.query(
    'select event, recovered, status from webhook_deliveries order by received_at desc limit 1',
  );
  expect(newest).toEqual({ event: 'issues', recovered: true, status: 'processed' });
  expect(await stack.query(`select 1 from sync_jobs where job_type = 'periodic_sweep'`)).toEqual([]);
});
