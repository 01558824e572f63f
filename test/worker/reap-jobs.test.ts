import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { RoundInput } from '../../src/activities/repository-round.ts';
import { sqlOf, type Orm } from '../../src/db/orm.ts';
import { findJob } from '../../src/db/jobs/find-job.ts';
import { openJob } from '../../src/db/jobs/write-jobs.ts';
import { reapJobs } from '../../src/worker/reap-jobs.ts';
import { createTestDatabase, createTestOrm, type TestDatabase } from '../support/database.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';
import { gate, roundOf } from '../workflows/fake-activities.ts';
import { eventually, withWorkflows } from '../workflows/run-workflows.ts';

let database: TestDatabase;
let orm: Orm;
let temporal: TestTemporal;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = createTestOrm(database.url, 4);
  temporal = await connectTestTemporal();
});
afterAll(async () => {
  await temporal.close();
  await orm.close(true);
  await database.drop();
});

/** A job of this run that was opened a minute ago. */
async function job(workflowId: string, runId: string): Promise<string> {
  const id = randomUUID();
  await openJob(sqlOf(orm), {
    id,
    job_type: 'repository_sync',
    trigger: 'manual',
    installation_id: 7,
    repository_id: 42,
    workflow_id: workflowId,
    run_id: runId,
    temporal_url: null,
  });
  await sql`update sync_jobs set started_at = now() - interval '1 minute' where id = ${id}`.execute(
    sqlOf(orm),
  );
  return id;
}

const stateOf = async (id: string) => {
  const found = await findJob(sqlOf(orm), id);
  return [found?.status, found?.error?.code ?? null];
};

/** A workflow that nobody works on. */
function start(workflowId = `reap/${randomUUID()}`, limits: { workflowExecutionTimeout?: number } = {}) {
  const { client, taskQueue } = temporal;
  return client.workflow.start('RepoSync', { workflowId, taskQueue, args: [{ repositoryId: 1 }], ...limits });
}

describe('a job', () => {
  it('is left alone while its workflow runs', async () => {
    const handle = await start();
    const id = await job(handle.workflowId, handle.firstExecutionRunId);
    expect(await reapJobs(orm, temporal.client, 0)).toBe(0);
    expect(await stateOf(id)).toEqual(['running', null]);
    await handle.terminate();
    await reapJobs(orm, temporal.client, 0);
  });

  it('is cancelled when its workflow was terminated', async () => {
    const handle = await start();
    const id = await job(handle.workflowId, handle.firstExecutionRunId);
    await handle.terminate();
    // The workflow's own word about its job may still be on the way.
    await reapJobs(orm, temporal.client, 30_000);
    expect(await stateOf(id)).toEqual(['running', null]);
    await reapJobs(orm, temporal.client, 0);
    expect(await stateOf(id)).toEqual(['cancelled', 'JOB_CANCELLED']);
  });

  it('has failed when its workflow timed out', async () => {
    const handle = await start(undefined, { workflowExecutionTimeout: 1000 });
    const id = await job(handle.workflowId, handle.firstExecutionRunId);
    await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
    await reapJobs(orm, temporal.client, 0);
    expect(await stateOf(id)).toEqual(['failed', 'JOB_ABANDONED']);
  });

  it('has failed when Temporal does not know its workflow', async () => {
    const id = await job(`reap/${randomUUID()}`, randomUUID());
    expect(await reapJobs(orm, temporal.client, 0)).toBe(1);
    expect(await stateOf(id)).toEqual(['failed', 'JOB_ABANDONED']);
  });

  it('ends as its own workflow did, although a later one with the same id is running', async () => {
    const first = await start();
    await first.terminate();
    const later = await start(first.workflowId);
    const [old, present] = [
      await job(first.workflowId, first.firstExecutionRunId),
      await job(later.workflowId, later.firstExecutionRunId),
    ];
    await reapJobs(orm, temporal.client, 0);
    expect(await stateOf(old)).toEqual(['cancelled', 'JOB_CANCELLED']);
    expect(await stateOf(present)).toEqual(['running', null]);
    await later.terminate();
    await reapJobs(orm, temporal.client, 0);
  });

  it('is left alone when its workflow continued as new', async () => {
    const at = gate();
    let slices = 0;
    const syncRound = async (input: RoundInput) => {
      slices += 1;
      if (slices > 150) await at.pass();
      return roundOf(input, { more: slices <= 150 });
    };
    await withWorkflows({ syncRound }, async (running) => {
      const handle = await running.startRepository();
      const id = await job(handle.workflowId, handle.firstExecutionRunId);
      await at.reached;
      const { client } = running.temporal;
      const { runId } = await client.workflow.getHandle(handle.workflowId).describe();
      expect(runId).not.toBe(handle.firstExecutionRunId);
      await reapJobs(orm, client, 0);
      expect(await stateOf(id)).toEqual(['running', null]);
      at.open();
      await handle.terminate();
      // A later chain of the same id runs: how this one's last run ended counts, not how its first run did.
      await running.startRepository();
      await eventually(async () => (await reapJobs(orm, client, 0)) === 1);
      expect(await stateOf(id)).toEqual(['cancelled', 'JOB_CANCELLED']);
    });
  });
});

it('is found behind a hundred running ones', async () => {
  const handle = await start();
  for (let n = 0; n < 100; n += 1) await job(handle.workflowId, handle.firstExecutionRunId);
  const id = await job(`reap/${randomUUID()}`, randomUUID());
  expect(await reapJobs(orm, temporal.client, 0)).toBe(1);
  expect(await stateOf(id)).toEqual(['failed', 'JOB_ABANDONED']);
  await handle.terminate();
});
