import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { growRepositories } from '../../sandbox/seed/bulk.ts';
import { compareMirror } from '../support/mirror-comparison.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { storm } from './storm.ts';

const LIMIT_MS = 240_000;
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ apis: 2, workers: 2, env: { SYNC_INTERVAL: '1h' } });
});
afterAll(() => stack.close());

/** An organisation with repositories of some size, which nobody mirrors yet. */
function grow(login: string, repositories: number, commits: number): void {
  const { world } = stack.sandbox;
  world.silently(() => {
    const owner = createAccount(world, { login, type: 'Organization' });
    growRepositories(world, owner, repositories, commits);
  });
}

async function endsTrue(): Promise<void> {
  await stack.quiet(LIMIT_MS);
  await stack.sweep();
  await stack.quiet(LIMIT_MS);
  expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
}

const imported = () =>
  stack.until(
    'the first commits',
    async () => (await stack.query('select 1 from commits limit 1')).length > 0,
  );

describe('the mirror', () => {
  it(
    'survives a graceful stop of one of two workers and one of two APIs in the middle of an import',
    async () => {
      grow('first', 30, 150);
      stack.sandbox.control.install({ account: 'first' });
      await imported();
      const [api] = stack.running('api');
      const [worker] = stack.running('worker');
      expect(await Promise.all([api?.kill('SIGTERM'), worker?.kill('SIGTERM')])).toEqual([0, 0]);
      await stack.quiet(LIMIT_MS);
      expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
      const failed = await stack.query(`select * from sync_jobs where status <> 'completed'`);
      expect(failed).toEqual([]);
      await Promise.all([stack.start('api'), stack.start('worker')]);
    },
    LIMIT_MS,
  );

  it(
    'survives a graceful stop of a worker that is starting',
    async () => {
      const starting = await stack.start('worker', 'listening');
      expect(await starting.kill('SIGTERM')).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'survives the API being killed twice in a storm',
    async () => {
      const raging = storm(stack, 'first', 150);
      for (let time = 0; time < 2; time += 1) {
        await sleep(150);
        await stack.restart('api');
      }
      await raging;
      await endsTrue();
    },
    LIMIT_MS,
  );

  it(
    'survives every worker being killed in the middle of an import, and twice in a storm',
    async () => {
      grow('second', 20, 200);
      stack.sandbox.control.install({ account: 'second' });
      await sleep(400);
      const raging = storm(stack, 'first', 150);
      for (let time = 0; time < 3; time += 1) {
        await stack.restart('worker');
        await sleep(100);
      }
      await raging;
      await endsTrue();
    },
    LIMIT_MS,
  );

  it(
    'survives the repeated end of every PostgreSQL session, in an import and a storm',
    async () => {
      grow('third', 10, 150);
      stack.sandbox.control.install({ account: 'third' });
      const raging = storm(stack, 'first', 100);
      for (let time = 0; time < 6; time += 1) {
        await sleep(150);
        await stack.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
      }
      await raging;
      await endsTrue();
    },
    LIMIT_MS,
  );

  it(
    'keeps deliveries while Temporal is unavailable, and processes them afterwards',
    async () => {
      stack.temporalRelay.cut();
      await storm(stack, 'first', 30);
      await stack.sandbox.control.deliveriesDone({});
      await sleep(1000);
      const [kept] = await stack.query(
        `select count(*)::int from webhook_deliveries where status = 'pending'`,
      );
      expect(kept?.['count']).toBeGreaterThan(20);
      const ready = await fetch(`${stack.url}/readyz`);
      expect(ready.status).toBe(200);
      stack.temporalRelay.restore();
      await stack.quiet(LIMIT_MS);
      expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'keeps deliveries while Temporal is silent, when a worker still stops gracefully',
    async () => {
      stack.temporalRelay.silence();
      await storm(stack, 'first', 30);
      await stack.sandbox.control.deliveriesDone({});
      // Its questions of every 15 s are without an answer.
      await sleep(16_000);
      const [worker] = stack.running('worker');
      const asked = performance.now();
      expect(await worker?.kill('SIGTERM')).toBe(0);
      expect(performance.now() - asked).toBeLessThan(30_000);
      stack.temporalRelay.restore();
      await stack.start('worker');
      await stack.quiet(LIMIT_MS);
      expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
    },
    LIMIT_MS,
  );
});
