import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Pool, QueryResultRow } from 'pg';
import type { Sandbox } from '../../sandbox/index.ts';
import type { Relay } from './relay.ts';

/** A job as the HTTP API answers it; only what tests look at. */
export interface JobAnswer {
  id: string;
  job_type: string;
  status: string;
  trigger: string;
  errors: number;
  error: { code: string; message: string } | null;
  workflow_id: string;
  run_id: string;
  [field: string]: unknown;
}

/** What anyone can do with the running product: query it, its database and Temporal. */
export interface Outside {
  client: Client;
  /** The API's address; any of them answers. */
  url: string;
  get: <T>(path: string) => Promise<T>;
  post: <T>(path: string) => Promise<T>;
  query: <T extends QueryResultRow>(sql: string, values?: unknown[]) => Promise<T[]>;
  /** Waits until `look` returns something, and returns that. Failures of `look` count as nothing. */
  until: <T>(what: string, look: () => Promise<T | undefined | false | null>, limitMs?: number) => Promise<T>;
  /** Sweeps by the HTTP API (`everything`: as `npm run verify` does) and waits for the finished job. */
  sweep: (options?: { everything?: boolean }) => Promise<JobAnswer>;
  /** Waits until nothing is in progress: no delivery is pending, no job is running. */
  quiet: (limitMs?: number) => Promise<void>;
}

const LOOK_MS = 50;
const WAITING = `
  select 'delivery' as what, event as kind, repository_id, installation_id, error from webhook_deliveries
    where status = 'pending'
  union all
  select 'job', job_type, repository_id, installation_id, error::text from sync_jobs where status = 'running'`;

export function createOutside(parts: {
  sandbox: Sandbox;
  pool: Pool;
  relay: Relay;
  client: Client;
}): Outside {
  const { sandbox, pool, client } = parts;
  const url = `http://127.0.0.1:${parts.relay.port}`;

  async function ask<T>(method: 'GET' | 'POST', path: string): Promise<T> {
    const answer = await fetch(url + path, { method, headers: { connection: 'close' } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const body: T = JSON.parse(text);
    return body;
  }
  const query = async <T extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await pool.query<T>(sql, values)).rows;

  async function sweep({ everything = false } = {}): Promise<JobAnswer> {
    for (;;) {
      const run = everything
        ? await verify()
        : await until('the sweep to be accepted', () =>
            ask<{ run_id: string }>('POST', '/api/sync/periodic/').then(({ run_id }) => run_id),
          );
      const job = await until<JobAnswer | 'none'>(
        'the sweep to end',
        async () => {
          const { jobs } = await ask<{ jobs: JobAnswer[] }>('GET', '/api/sync/jobs/?job_type=periodic_sweep');
          const own = jobs.find(({ run_id }) => run_id === run);
          if (own !== undefined) return own.status !== 'running' && own;
          const { status } = await client.workflow.getHandle(sweepId(everything)).describe();
          return status.name !== 'RUNNING' && 'none';
        },
        240_000,
      );
      // Another sweep was at work: it began before ours was asked for.
      if (job !== 'none') return job;
      await sleep(500);
    }
  }
  async function verify(): Promise<string> {
    const handle = await client.workflow.start('PeriodicSweep', {
      workflowId: sweepId(true),
      taskQueue: 'github-sync',
      args: [{ everything: true }],
    });
    return handle.firstExecutionRunId;
  }

  async function quiet(limitMs = 240_000): Promise<void> {
    await sandbox.control.deliveriesDone({});
    let still = 0;
    let waiting: QueryResultRow[] = [];
    try {
      await until(
        'quiet',
        async () => {
          waiting = await query(WAITING);
          still = waiting.length === 0 ? still + 1 : 0;
          return still >= 3;
        },
        limitMs,
      );
    } catch (error) {
      throw new Error(`${String(error)}: ${JSON.stringify(waiting)}`, { cause: error });
    }
  }

  return {
    client,
    url,
    get: (path) => ask('GET', path),
    post: (path) => ask('POST', path),
    query,
    until,
    sweep,
    quiet,
  };
}

async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false | null>,
  limitMs = 120_000,
): Promise<T> {
  let failure: unknown;
  for (const began = Date.now(); ;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false && found !== null) return found;
    } catch (error) {
      failure = error;
    }
    if (Date.now() - began > limitMs)
      throw new Error(`waited ${limitMs} ms in vain for ${what}`, { cause: failure });
    await sleep(LOOK_MS);
  }
}

function sweepId(everything: boolean): string {
  return `periodic-sweep/${everything ? 'verify' : 'manual'}`;
}
