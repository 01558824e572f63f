// Workflows of the product's names that only say how they were started: for tests of the side that starts them.
import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineUpdate,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Job } from '../../src/model.ts';
import {
  progressQuery,
  syncNowUpdate,
  wakeSignal,
  type Progress,
  type Wake,
} from '../../src/workflows/messages.ts';

/** The workflow of this repository continues as new before it has an answer. */
export const LONG_REPOSITORY = 77;
/** That of this one needs longer than anybody waits. */
export const SLOW_REPOSITORY = 75;

export const wakesQuery = defineQuery<Wake[]>('wakes');
/** Takes a second. */
export const holdUpdate = defineUpdate<void>('hold');

export async function RepoSync({ repositoryId }: { repositoryId: number }): Promise<void> {
  await answerFor({ repository_id: repositoryId, installation_id: null });
}

export async function InstallationImport({ installationId }: { installationId: number }): Promise<void> {
  await answerFor({ repository_id: null, installation_id: installationId });
}

export async function PeriodicSweep(): Promise<void> {
  setHandler(progressQuery, (): Progress => ({ phase: 'repositories', done: 3, total: 5, eta_seconds: 4 }));
  await sleep('20 seconds');
}

async function answerFor(subject: Pick<Job, 'repository_id' | 'installation_id'>): Promise<void> {
  const wakes: Wake[] = [];
  setHandler(wakeSignal, (wake) => void wakes.push(wake ?? { trigger: 'manual' }));
  setHandler(wakesQuery, () => wakes);
  setHandler(holdUpdate, () => sleep('1 second'));
  setHandler(syncNowUpdate, async (): Promise<Job> => {
    await sleep(subject.repository_id === SLOW_REPOSITORY ? '19 seconds' : 50);
    if (subject.repository_id === LONG_REPOSITORY) {
      throw ApplicationFailure.create({
        type: 'STILL_RUNNING',
        message: 'it takes long',
        nonRetryable: true,
      });
    }
    const { workflowId, runId } = workflowInfo();
    return {
      id: '00000000-0000-4000-8000-000000000001',
      job_type: 'repository_sync',
      status: 'completed',
      trigger: 'manual',
      ...subject,
      repositories_processed: 1,
      commits_imported: 2,
      issues_imported: 0,
      pull_requests_imported: 0,
      rows: {},
      api_requests: 3,
      rate_limit_points: 0,
      errors: 0,
      error: null,
      started_at: '2026-01-05T10:00:00.000Z',
      finished_at: '2026-01-05T10:00:01.000Z',
      duration_ms: 1000,
      workflow_id: workflowId,
      run_id: runId,
      temporal_url: null,
    };
  });
  await condition(() => false, '20 seconds');
}
