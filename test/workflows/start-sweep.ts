import { randomUUID } from 'node:crypto';
import type { WorkflowStartOptions } from '@temporalio/client';
import type { Activities } from '../../src/activities/index.ts';
import type { Running } from './run-workflows.ts';

/** Starts a sweep of its own. */
export function startSweep({ temporal }: Running, options: Partial<WorkflowStartOptions> = {}) {
  const workflowId = `periodic-sweep/${randomUUID()}`;
  return temporal.client.workflow.start('PeriodicSweep', {
    taskQueue: temporal.taskQueue,
    workflowId,
    ...options,
  });
}

/** Installations 1, 2, … in pages. */
export function pagesOf(...pages: number[][]): Activities['nextInstallations'] {
  return async ({ after }) => {
    const at = pages.findIndex((ids) => ids.some((id) => id > after));
    return { ids: pages[at] ?? [], more: at >= 0 && at < pages.length - 1 };
  };
}

/** The installations that were compared, in order. */
export function listedIds(running: Running): unknown[] {
  return running.inputs('compareInstallation').map((input): unknown => Object(input).installationId);
}
