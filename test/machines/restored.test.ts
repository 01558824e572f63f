import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { adminUrl } from '../support/database.ts';
import { compareMirror } from '../support/mirror-comparison.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { createNamespace } from '../support/temporal-namespace.ts';

const LIMIT_MS = 240_000;
const repo = 'acme/app';
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  const { control } = stack.sandbox;
  control.createAccount({ login: 'acme', type: 'Organization' });
  control.createRepository({ owner: 'acme', name: 'app' });
  control.push({ repo, commits: 5 });
  control.openIssue({ repo });
  control.install({ account: 'acme' });
  await stack.until('the import', async () => (await stack.query('select 1 from commits')).length === 5);
  await stack.quiet(LIMIT_MS);
}, LIMIT_MS);
afterAll(() => stack.close());

async function endsTrue(): Promise<void> {
  await stack.quiet(LIMIT_MS);
  await stack.sweep();
  await stack.quiet(LIMIT_MS);
  expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
}

async function asAdmin(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('the mirror', () => {
  it(
    'refuses deliveries and waits while the disk is full, then continues',
    async () => {
      await stack.query(`create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
      await stack.query('create trigger full_disk before insert on commits execute function full_disk()');
      stack.sandbox.control.push({ repo, commits: 2 });
      await stack.until(
        'the delivery that waits',
        async () =>
          (await stack.query(`select 1 from webhook_deliveries where status = 'pending'`)).length === 1,
      );
      await stack.query(
        'create trigger full_disk before insert on webhook_deliveries execute function full_disk()',
      );
      stack.sandbox.control.openIssue({ repo, title: 'refused' });
      await stack.sandbox.control.deliveriesDone({});
      expect(await stack.query(`select 1 from issues where title = 'refused'`)).toEqual([]);
      await stack.query('drop function full_disk cascade');
      await stack.until('the push', async () => (await stack.query('select 1 from commits')).length === 7);
      await endsTrue();
    },
    2 * LIMIT_MS,
  );

  it(
    'catches up in a sweep after an older database was restored',
    async () => {
      const name = new URL(stack.databaseUrl).pathname.slice(1);
      const stopped = async (work: () => Promise<void>) => {
        await Promise.all([stack.kill('api', 'SIGTERM'), stack.kill('worker', 'SIGTERM')]);
        await work();
        await Promise.all([stack.start('api'), stack.start('worker')]);
      };
      const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
      await stopped(() => asAdmin(end, `create database ${name}_old template ${name}`));
      stack.sandbox.control.forcePush({ repo, back: 2, commits: 3 });
      stack.sandbox.control.closeIssue({ repo, number: 1 });
      stack.sandbox.control.createRepository({ owner: 'acme', name: 'later' });
      await endsTrue();
      await stopped(() =>
        asAdmin(end, `drop database ${name} with (force)`, `alter database ${name}_old rename to ${name}`),
      );
      await endsTrue();
    },
    2 * LIMIT_MS,
  );
});

it(
  'resumes pending work and half an import after Temporal was wiped',
  async () => {
    const { control } = stack.sandbox;
    control.addFault({ action: { kind: 'latency', ms: 400 }, match: '/commits' });
    control.createAccount({ login: 'half', type: 'Organization' });
    control.createRepository({ owner: 'half', name: 'done' });
    control.growCommits({ repo: 'half/done', count: 900 });
    const { id } = control.install({ account: 'half' });
    const ofImport = `from sync_jobs where workflow_id = 'installation-import/${id}'`;
    await stack.until(
      'half an import',
      async () =>
        (await stack.query(`select 1 ${ofImport} and status = 'running' and commits_imported > 0`)).length ===
        1,
    );
    await stack.kill('worker', 'SIGKILL');
    control.push({ repo, commits: 1 });
    await control.deliveriesDone({});
    await stack.kill('api', 'SIGKILL');
    control.clearFaults({});
    // Another namespace has no workflow, no schedule and no search attribute of the old one.
    stack.env['TEMPORAL_NAMESPACE'] = await createNamespace(stack.temporalAddress);
    await Promise.all([stack.start('api'), stack.start('worker')]);
    await endsTrue();
    expect(await stack.query(`select status, error ->> 'code' as code ${ofImport}`)).toEqual([
      { status: 'failed', code: 'JOB_ABANDONED' },
    ]);
  },
  2 * LIMIT_MS,
);
