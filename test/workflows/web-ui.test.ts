import { describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Activities } from '../../src/activities/index.ts';
import { dashboardUrl } from '../../src/worker/dashboard-url.ts';
import { oneWaits, roundOf } from './fake-activities.ts';
import { phase, withWorkflows } from './run-workflows.ts';

const page = 'https://sync.example/jobs/1';

/** What the Web UI writes beside the activities and timers of a run. */
async function summariesOf(handle: WorkflowHandle): Promise<unknown[]> {
  const { events } = await handle.fetchHistory();
  const summaries = (events ?? []).map((event) => event.userMetadata?.summary);
  return summaries.flatMap((summary) => (summary ? [defaultPayloadConverter.fromPayload(summary)] : []));
}

async function detailsOf(handle: WorkflowHandle): Promise<unknown> {
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}

const oneInstallation: Activities['nextInstallations'] = async ({ after }) => ({
  ids: after === 0 ? [7] : [],
  more: false,
});

describe('the Web UI', () => {
  it('shows the purpose of each round and wait of a repository, and a link to its job', async () => {
    const waiting = { code: 'RATE_LIMITED', message: 'spent', retryAfterMs: 50 } as const;
    let tries = 0;
    const syncRound: Activities['syncRound'] = async (input) => {
      tries += 1;
      return roundOf(input, tries === 1 ? { waiting, page } : { page });
    };
    await withWorkflows({ syncRound }, async (running) => {
      const handle = await running.wakeRepository('webhook');
      await phase(handle, 'lingering');
      expect(await summariesOf(handle)).toEqual([
        'round 1 (webhook): applying deliveries',
        'waits for GitHub: RATE_LIMITED',
        'round 1 (webhook): applying deliveries',
        'waits for further deliveries',
      ]);
      expect(await detailsOf(handle)).toMatch(
        /^Round 1 \(webhook\): \*\*completed\*\*[^]*\(https:\/\/sync.example\/jobs\/1\)$/,
      );
    });
  });

  it('shows which installation each step of a sweep is for', async () => {
    await withWorkflows(
      { compareInstallation: oneWaits, nextInstallations: oneInstallation },
      async (running) => {
        const { client, taskQueue } = running.temporal;
        const workflowId = `periodic-sweep/${running.id}`;
        const handle = await client.workflow.start('PeriodicSweep', { workflowId, taskQueue });
        await handle.result();
        expect(await summariesOf(handle)).toEqual(['installation 7', 'installation 7']);
      },
    );
  });
});

describe('the address of the dashboard', () => {
  it.each([
    ['https://sync.example/api/github/webhook/', 'https://sync.example'],
    ['https://example.com/sync/api/github/webhook', 'https://example.com/sync'],
    ['https://smee.io/abcdef', null],
    [undefined, null],
  ])('follows from the webhook %s: %s', (webhook, expected) => {
    expect(dashboardUrl(webhook)).toBe(expected);
  });
});
