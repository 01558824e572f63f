import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, defineSearchAttributeKey } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { oneWaits, untilCancelled } from './fake-activities.ts';
import { eventually, withWorkflows } from './run-workflows.ts';
import { listedIds, pagesOf, startSweep } from './start-sweep.ts';

const triggerKey = defineSearchAttributeKey('SyncTrigger', 'KEYWORD');

/** Installation 2 is unavailable. */
const secondFails: Activities['compareInstallation'] = async ({ installationId }) => {
  if (installationId === 2) throw failure('PERMISSION_MISSING');
  return { state: 'live', wanted: 0 };
};

/** A suspension that is met while working. */
const suspended: Activities['workOff'] = async () => ({
  remaining: 5,
  afterMs: 0,
  stopped: { code: 'INSTALLATION_SUSPENDED', message: 'suspended', retryAfterMs: 30_000 },
});

function failure(type: ErrorCode): ApplicationFailure {
  return ApplicationFailure.create({ type, message: 'no', nonRetryable: true });
}

describe('a sweep', () => {
  it('recovers deliveries, lists installations, compares each, and closes its job', async () => {
    await withWorkflows({ nextInstallations: pagesOf([1, 2], [3]) }, async (running) => {
      const handle = await startSweep(running);
      await handle.result();
      expect(running.calls.map(({ name }) => name)).toEqual([
        'openJob',
        'recoverDeliveries',
        'listInstallationsAtGitHub',
        'queueVerification',
        'nextInstallations',
        'compareInstallation',
        'compareInstallation',
        'nextInstallations',
        'compareInstallation',
        'concludeVerification',
        'finishJob',
      ]);
      expect(running.inputs('openJob')).toEqual([
        {
          jobType: 'periodic_sweep',
          trigger: 'manual',
          workflowId: handle.workflowId,
          runId: handle.firstExecutionRunId,
        },
      ]);
      expect(running.inputs('compareInstallation')[0]).toEqual({
        installationId: 1,
        jobId: 'job',
        sweep: true,
        ofSweep: true,
      });
      expect(await handle.query('progress')).toMatchObject({ phase: 'finished', done: 3 });
    });
  });

  it('compares everything when asked to', async () => {
    await withWorkflows({ nextInstallations: pagesOf([1]) }, async (running) => {
      await (await startSweep(running, { args: [{ everything: true }] })).result();
      expect(running.inputs('queueVerification')).toEqual([{ everything: true }]);
      expect(running.inputs('compareInstallation')).toMatchObject([{ sweep: false }]);
    });
  });

  it.each(['queueVerification', 'concludeVerification'])(
    'completes the comparison of what changed although %s always fails, and reports it',
    async (name) => {
      const failing = {
        nextInstallations: pagesOf([1]),
        [name]: () =>
          Promise.reject(
            ApplicationFailure.create({ type: 'UNKNOWN', message: 'too slow', nextRetryDelay: '1ms' }),
          ),
      };
      await withWorkflows(failing, async (running) => {
        await (await startSweep(running)).result();
        expect(running.inputs('compareInstallation').length).toBe(1);
        expect(running.inputs('noteFailure')).toEqual([
          { jobId: 'job', error: { code: 'UNKNOWN', message: 'too slow' } },
        ]);
        expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
      });
    },
  );

  it('ends at once, without a job, while another one is running', async () => {
    const other = { openJob: async () => ({ jobId: 'job', opened: false, searchable: true, page: null }) };
    await withWorkflows(other, async (running) => {
      await (await startSweep(running)).result();
      expect(running.calls.map(({ name }) => name)).toEqual(['openJob']);
    });
  });

  it.each([
    ['its search attribute', { typedSearchAttributes: [{ key: triggerKey, value: 'schedule' }] }, 'schedule'],
    ['the id that a schedule gives', { workflowId: `periodic-sweep-2026-01-05T10:00:00Z` }, 'schedule'],
    ['neither', {}, 'manual'],
  ])('derives its trigger from %s', async (_what, options, trigger) => {
    await withWorkflows({}, async (running) => {
      await (await startSweep(running, options)).result();
      expect(running.inputs('openJob')).toMatchObject([{ trigger }]);
    });
  });
});

describe('a failure within a sweep', () => {
  it('is counted if it concerns one installation, and the others are compared', async () => {
    await withWorkflows(
      { compareInstallation: secondFails, nextInstallations: pagesOf([1, 2, 3]) },
      async (running) => {
        await (await startSweep(running)).result();
        expect(new Set(listedIds(running))).toEqual(new Set([1, 2, 3]));
        expect(running.inputs('noteFailure')).toEqual([
          { jobId: 'job', error: { code: 'PERMISSION_MISSING', message: 'no' } },
        ]);
        expect(running.inputs('finishJob')).toMatchObject([{ outcome: 'done' }]);
      },
    );
  });

  it('does not stop the rest of the sweep if it concerns the delivery log', async () => {
    const pages = { nextInstallations: pagesOf([1]) };
    await withWorkflows(
      { ...pages, recoverDeliveries: () => Promise.reject(failure('BAD_CREDENTIALS')) },
      async (running) => {
        await (await startSweep(running)).result();
        expect(running.inputs('noteFailure')).toMatchObject([{ error: { code: 'BAD_CREDENTIALS' } }]);
        expect(listedIds(running)).toEqual([1]);
      },
    );
  });

  it.each([
    ['a limit that lasts', 3_600_000, 1],
    ['a limit that comes again and again', 59_999.9, 2],
  ])('leaves the installation to the next sweep: %s', async (_what, retryAfterMs, tries) => {
    // The second wait would make more than a minute: it is not waited for, only counted.
    const waits = [retryAfterMs > 60_000 ? retryAfterMs : 100, retryAfterMs];
    const workOff: Activities['workOff'] = async () => ({
      remaining: 1,
      afterMs: 0,
      stopped: { code: 'RATE_LIMITED', message: 'spent', retryAfterMs: waits.shift() ?? 0 },
    });
    await withWorkflows(
      { compareInstallation: oneWaits, workOff, nextInstallations: pagesOf([1]) },
      async (running) => {
        await (await startSweep(running)).result();
        expect(running.inputs('workOff')).toHaveLength(tries);
        expect(running.inputs('noteFailure')).toMatchObject([{ error: { code: 'RATE_LIMITED' } }]);
      },
    );
  });

  it('ends the work on an installation at once if that is suspended', async () => {
    let listed = 0;
    const compareInstallation: Activities['compareInstallation'] = async () => {
      listed += 1;
      return listed === 1 ? { state: 'live', wanted: 5 } : { state: 'suspended', wanted: 0 };
    };
    await withWorkflows(
      { compareInstallation, workOff: suspended, nextInstallations: pagesOf([1]) },
      async (running) => {
        await (await startSweep(running)).result();
        expect(listed).toBe(2);
        expect(running.inputs('noteFailure')).toEqual([]);
      },
    );
  });

  it('cancels the job if it is a cancellation', async () => {
    const compareInstallation = untilCancelled;
    await withWorkflows({ compareInstallation, nextInstallations: pagesOf([1, 2]) }, async (running) => {
      const handle = await startSweep(running);
      await eventually(async () => running.inputs('compareInstallation').length === 2);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
      expect(running.inputs('finishJob')).toMatchObject([
        { outcome: 'cancelled', error: { code: 'JOB_CANCELLED' } },
      ]);
      expect(running.inputs('noteFailure')).toEqual([]);
    });
  });
});

it('continues as new within a page, listing no installation twice', async () => {
  const ids = Array.from({ length: 100 }, (_, index) => index + 1);
  await withWorkflows(
    { compareInstallation: oneWaits, nextInstallations: pagesOf(ids, [101]) },
    async (running) => {
      const handle = await startSweep(running);
      const latest = running.temporal.client.workflow.getHandle(handle.workflowId);
      await latest.result();
      expect((await latest.describe()).runId).not.toBe(handle.firstExecutionRunId);
      expect(listedIds(running).sort((a, b) => Number(a) - Number(b))).toEqual([...ids, 101]);
      expect(running.inputs('workOff').length).toBeGreaterThanOrEqual(101);
      expect(running.inputs('recoverDeliveries')).toHaveLength(1);
      expect(running.inputs('finishJob')).toHaveLength(1);
      expect(await latest.query('progress')).toMatchObject({ done: 101 });
    },
  );
});
