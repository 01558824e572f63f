import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { findJob } from '../../src/db/jobs/find-job.ts';
import { addToJob, finishJob, openJob, recordFailure, type NewJob } from '../../src/db/jobs/write-jobs.ts';
import { createLimitLedger } from '../../src/db/installations/limit-ledger.ts';
import { awaitLease } from '../../src/db/repository-sync/await-lease.ts';
import { acquireLease, type RepositoryLease } from '../../src/db/repository-sync/repository-lease.ts';
import { markRowsDeleted, unlistedKeys, writeRows } from '../../src/db/rows/entity-rows.ts';
import { issues } from '../../src/entities/issues.ts';
import { countRequest, returnUsage, takeUsage, type Usage } from '../../src/github/session/usage.ts';
import { countInJob } from '../../src/sync/count-in-job.ts';
import { createInterruption } from '../../src/sync/context/interruption.ts';
import { writableSchemaFault } from '../../src/db/schema-version.ts';
import { issueRow } from './issue-row.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

let test: TestRows;

beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

const time = '2026-01-01T00:00:00.000Z';

describe('upserted rows', () => {
  it('are read as they were written, and are not written again', async () => {
    const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', ''));
    const row = fc
      .record({
        title: text,
        body: fc.option(text),
        labels: fc.array(text, { maxLength: 4 }),
        locked: fc.boolean(),
      })
      .map((more) => issueRow(1, more));
    await fc.assert(
      fc.asyncProperty(row, async (one) => {
        await test.rows('truncate issues');
        expect(await writeRows(test.db, issues, [one])).toBe(1);
        expect(await writeRows(test.db, issues, [one])).toBe(0);
        expect(await writeRows(test.db, issues, [one], true)).toBe(0);
        expect(await test.rows('select title, body, labels, locked from issues')).toEqual([
          { title: one.title, body: one.body, labels: one.labels, locked: one.locked },
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it('stay if they are newer, except in a full comparison', async () => {
    await writeRows(test.db, issues, [issueRow(1, { updated_at: '2026-02-01T00:00:00.000Z', title: 'new' })]);
    expect(await writeRows(test.db, issues, [issueRow(1, { title: 'old' })])).toBe(0);
    expect(await writeRows(test.db, issues, [issueRow(1, { title: 'old' })], true)).toBe(1);
  });

  it('keep when and why they were marked while GitHub lacks them, and are live when it has them again', async () => {
    await writeRows(test.db, issues, [issueRow(1), issueRow(2), issueRow(3)]);
    expect(await unlistedKeys(test.db, issues, 1, [3])).toEqual([1, 2]);
    expect(await markRowsDeleted(test.db, issues, 1, [1], 'transferred')).toEqual([1]);
    const marks = () => test.rows('select id::int, deleted_at, deleted_reason from issues order by id');
    const first = await marks();
    expect(await markRowsDeleted(test.db, issues, 1, [1])).toEqual([]);
    expect(await markRowsDeleted(test.db, issues, 2, [2])).toEqual([]);
    expect(await marks()).toEqual(first);
    expect(first).toMatchObject([
      { id: 1, deleted_at: expect.any(String), deleted_reason: 'transferred' },
      { id: 2, deleted_at: null },
      { id: 3, deleted_at: null },
    ]);
    expect(await unlistedKeys(test.db, issues, 1, [3])).toEqual([2]);
    expect(await writeRows(test.db, issues, [issueRow(1)])).toBe(1);
    expect((await marks())[0]).toEqual({ id: 1, deleted_at: null, deleted_reason: null });
  });

  it('writes thousands in one statement', async () => {
    const many = Array.from({ length: 5000 }, (_one, index) => issueRow(index + 1, { labels: ['a', 'b'] }));
    expect(await writeRows(test.db, issues, many)).toBe(5000);
    // Outside of a transaction every statement is one of its own.
    expect(await test.rows('select distinct xmin::text from issues')).toHaveLength(1);
    expect(await writeRows(test.db, issues, many)).toBe(0);
  });
});

describe('the lease of a repository', () => {
  const held: RepositoryLease[] = [];
  afterEach(async () => {
    // A lease renews itself until it is released, when the database is gone as well.
    for (const lease of held.splice(0)) await lease.release();
  });
  async function acquire(repositoryId: number, owner: string): Promise<RepositoryLease | null> {
    const lease = await acquireLease(test.orm, repositoryId, owner);
    if (lease !== null) held.push(lease);
    return lease;
  }

  it('belongs to one owner until released', async () => {
    const first = await acquire(1, 'one');
    expect(await acquire(1, 'two')).toBeNull();
    expect(await acquire(2, 'two')).not.toBeNull();
    await first?.release();
    expect(await acquire(1, 'two')).not.toBeNull();
  });

  it('goes to one of many concurrent requests', async () => {
    const asked = await Promise.all(Array.from({ length: 6 }, (_one, at) => acquire(1, `owner ${at}`)));
    expect(asked.filter((lease) => lease !== null)).toHaveLength(1);
  });

  it('stops a writer that outlived it', async () => {
    const zombie = await acquire(1, 'same');
    const next = await acquire(1, 'same');
    const write = async (lease: typeof zombie, title: string) =>
      lease?.write((tx) => writeRows(tx, issues, [issueRow(1, { title })], true));
    await write(next, 'right');
    await expect(write(zombie, 'wrong')).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await zombie?.release();
    await write(next, 'still right');
    expect(await test.rows('select title from issues')).toEqual([{ title: 'still right' }]);
  });

  it('goes to a waiting round, whose deliveries end the running comparison', async () => {
    const lease = await acquire(1, 'a comparison');
    if (lease === null) throw new Error('nobody else has it');
    const round = { deadline: Date.now() + 3_600_000, guids: [] };
    const never = 3_600_000;
    const comparison = createInterruption(test.orm, lease, round, never);
    const waiting = awaitLease(test.orm, 1, 'a round', 3_600_000);
    await comparison.watchForDeliveries(async () => {
      await test.rows(`insert into webhook_deliveries (guid, event, repository_id, payload)
        values ('0b989ba4-242f-11e5-81e1-c7b6966d2516', 'issues', 1, '{}')`);
      while (!comparison.shouldYield()) await sleep(10);
    });
    await lease.release();
    const next = await waiting;
    expect(next).not.toBeNull();
    expect(await awaitLease(test.orm, 1, 'another', 1)).toBeNull();
    await next?.release();
  });

  it('expires if it is not renewed', async () => {
    await acquire(1, 'dead');
    await test.rows(`update repository_sync set lease_until = now() - interval '1 second'`);
    expect(await acquire(1, 'next')).not.toBeNull();
  });

  it('cannot be taken for a repository without a row', async () => {
    expect(await acquire(99, 'one')).toBeNull();
  });

  it('undoes everything of a write that fails', async () => {
    const lease = await acquire(1, 'one');
    const failing = lease?.write(async (tx) => {
      await writeRows(tx, issues, [issueRow(1)]);
      throw new Error('in between');
    });
    await expect(failing).rejects.toThrow('in between');
    expect(await test.rows('select 1 from issues')).toEqual([]);
  });
});

function job(more: Partial<NewJob> = {}): NewJob {
  return {
    id: randomUUID(),
    job_type: 'repository_sync',
    trigger: 'manual',
    installation_id: 1,
    repository_id: 1,
    workflow_id: 'w',
    run_id: 'r',
    temporal_url: null,
    ...more,
  };
}

describe('jobs', () => {
  it('are opened once however often, and end once', async () => {
    const one = job();
    expect([await openJob(test.db, one), await openJob(test.db, one)]).toEqual([true, true]);
    await addToJob(test.db, one.id, {
      rows: { commits: 2, branches: 1 },
      requests: 3,
      errors: { UNKNOWN: 1 },
    });
    await addToJob(test.db, one.id, { rows: { branches: 4, labels: 0 } });
    await recordFailure(test.db, one.id, { code: 'GITHUB_BAD_ANSWER', message: 'three' }, 3);
    await recordFailure(test.db, one.id, { code: 'UNKNOWN', message: 'another' });
    await finishJob(test.db, one.id, 'failed', { code: 'UNKNOWN', message: 'm' });
    await finishJob(test.db, one.id, 'completed', null);
    expect(
      await test.rows(
        'select status, error, commits_imported as n, rows, api_requests as r, errors, errors_by_code from sync_jobs',
      ),
    ).toEqual([
      {
        status: 'failed',
        error: { code: 'UNKNOWN', message: 'm' },
        n: 2,
        rows: { commits: 2, branches: 5 },
        r: 3,
        errors: 5,
        errors_by_code: { GITHUB_BAD_ANSWER: 3, UNKNOWN: 2 },
      },
    ]);
  });

  it('end with the address of their workflow, which syncNow returns', async () => {
    const one = job({ temporal_url: 'http://ui.example/namespaces/default/workflows/w/r' });
    await openJob(test.db, one);
    const ended = await finishJob(test.db, one.id, 'completed', null);
    expect(ended).toMatchObject({ id: one.id, temporal_url: one.temporal_url });
    expect(await findJob(test.db, one.id)).toEqual(ended);
  });

  it('end with their own error counted by its code', async () => {
    const one = job();
    await openJob(test.db, one);
    const blocked = { code: 'REPOSITORY_BLOCKED', message: 'm' } as const;
    await finishJob(test.db, one.id, 'partial', blocked, { repositories: 1, failures: 1 });
    expect(
      await test.rows('select errors, errors_by_code, repositories_processed as n from sync_jobs'),
    ).toEqual([{ errors: 1, errors_by_code: { REPOSITORY_BLOCKED: 1 }, n: 1 }]);
  });

  it('count requests while the work continues, and those during a write', async () => {
    const one = job();
    await openJob(test.db, one);
    const count = async () =>
      (await test.rows<{ n: number }>('select api_requests as n from sync_jobs'))[0]?.n;
    async function ask(usage: Usage): Promise<void> {
      countRequest();
      while ((await count()) !== 1) await sleep(10);
      countRequest();
      const asked = takeUsage(usage);
      countRequest();
      returnUsage(usage, asked);
    }
    await countInJob(test.orm, one.id, undefined, ask, 20);
    expect(await count()).toBe(3);
  });

  it('run one sweep at a time', async () => {
    const sweeps = [job({ job_type: 'periodic_sweep' }), job({ job_type: 'periodic_sweep' })];
    const opened = await Promise.all(sweeps.map((sweep) => openJob(test.db, sweep)));
    expect(new Set(opened)).toEqual(new Set([false, true]));
    const [running] = sweeps.filter((_one, at) => opened[at]);
    await finishJob(test.db, running?.id ?? '', 'completed', null);
    expect(await openJob(test.db, job({ job_type: 'periodic_sweep' }))).toBe(true);
  });
});

it('fails if the database is read-only', async () => {
  const em = test.orm.em.fork();
  await expect(writableSchemaFault(em)).resolves.toBeNull();
  await em.transactional(async (within) => {
    await sql`set transaction read only`.execute(within.getKysely());
    await expect(writableSchemaFault(within)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});

describe('the ledger of limits', () => {
  it("keeps the later of two processes' refusals", async () => {
    const ledger = createLimitLedger(test.orm);
    const state = { limit: 5000, remaining: 10, resets_at: time, blocked_until: null, blocked_code: null };
    const blockedFor = (hours: number) => ({
      ...state,
      blocked_until: new Date(Date.now() + hours * 3_600_000).toISOString(),
      blocked_code: 'RATE_LIMITED' as const,
    });
    const later = blockedFor(1);
    await ledger.write(1, 'core', later);
    await ledger.write(1, 'core', { ...state, remaining: 9 });
    expect((await ledger.read(1)).get('core')).toEqual({ ...later, remaining: 9 });
    expect(await ledger.read(2)).toEqual(new Map());
    // GitHub refuses nothing for a day: a clock was wrong then.
    await ledger.write(2, 'core', blockedFor(24));
    await ledger.write(2, 'core', state);
    expect((await ledger.read(2)).get('core')).toEqual(state);
    // Nor does the process with that clock make others forget a refusal that is true.
    await ledger.write(1, 'core', blockedFor(24));
    expect((await ledger.read(1)).get('core')).toEqual(later);
  });
});
