import {
  ScheduleAlreadyRunning,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import type { Logger } from '../logger.ts';
import { SWEEP_SCHEDULE_ID, TASK_QUEUE, workflowTypes } from '../workflows/messages.ts';
import { attributesOf } from '../workflows/search-attributes.ts';
import { withAttributes } from './wake.ts';

// With overlap SKIP a sweep that hangs would silently stop all sweeps, so it times out after this many periods.
const EXECUTION_PERIODS = 8;
// Even with periods of seconds: a sweep may work for five minutes on one installation.
const LEAST_EXECUTION_MS = 60 * 60_000;
// Temporal's shortest catch-up window is 10 s.
const LEAST_CATCHUP_MS = 10_000;

/**
 * Creates the sweep's schedule, or updates it if it differs. An operator's pause and note are kept. Two workers
 * may do this at once.
 *
 * @param options.every the period in milliseconds (`SYNC_INTERVAL`)
 * @throws the client's error, also if the server forbids schedules; the caller then logs the command to run by
 * hand
 */
export async function ensureSchedule(
  client: Client,
  options: { every: number; log: Logger },
): Promise<'created' | 'updated' | 'unchanged'> {
  const configured = sweepSchedule(options.every);
  const { typedSearchAttributes, ...action } = configured.action;
  try {
    await withAttributes(typedSearchAttributes, (pairs) =>
      client.schedule.create({ ...configured, action: { ...action, typedSearchAttributes: pairs } }),
    );
    options.log.info({ scheduleId: SWEEP_SCHEDULE_ID, everyMs: options.every }, 'schedule created');
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = client.schedule.getHandle(SWEEP_SCHEDULE_ID);
  if (isCurrent(await handle.describe(), options.every)) return 'unchanged';
  await withAttributes(typedSearchAttributes, (pairs) =>
    handle.update((previous) => ({
      ...previous,
      spec: configured.spec,
      policies: configured.policies,
      action: { ...action, typedSearchAttributes: pairs },
    })),
  );
  options.log.info({ scheduleId: SWEEP_SCHEDULE_ID, everyMs: options.every }, 'schedule updated');
  return 'updated';
}

/** The command that creates the schedule if the worker may not. */
export function scheduleCommand(everyMs: number): string {
  return (
    `temporal schedule create --schedule-id ${SWEEP_SCHEDULE_ID} --interval ${Math.ceil(everyMs / 1000)}s ` +
    `--overlap-policy Skip --type ${workflowTypes.periodicSweep} --task-queue ${TASK_QUEUE} ` +
    `--workflow-id ${SWEEP_SCHEDULE_ID} --search-attribute 'SyncTrigger="schedule"'`
  );
}

function sweepSchedule(every: number) {
  return {
    scheduleId: SWEEP_SCHEDULE_ID,
    spec: { intervals: [{ every }] },
    policies: { overlap: 'SKIP', catchupWindow: Math.max(every, LEAST_CATCHUP_MS) },
    action: {
      type: 'startWorkflow',
      workflowType: workflowTypes.periodicSweep,
      workflowId: SWEEP_SCHEDULE_ID,
      taskQueue: TASK_QUEUE,
      args: [],
      workflowExecutionTimeout: Math.max(every * EXECUTION_PERIODS, LEAST_EXECUTION_MS),
      staticSummary: 'Compares everything with GitHub',
      typedSearchAttributes: attributesOf({ trigger: 'schedule' }),
    },
  } as const satisfies ScheduleOptions;
}

/** Whether the schedule matches this configuration; an operator's pause does not matter. */
export function isCurrent({ spec, policies, action }: ScheduleDescription, every: number): boolean {
  const configured = sweepSchedule(every);
  const [interval, ...others] = spec.intervals ?? [];
  return (
    others.length === 0 &&
    interval?.every === every &&
    policies.overlap === configured.policies.overlap &&
    policies.catchupWindow === configured.policies.catchupWindow &&
    action.workflowType === configured.action.workflowType &&
    action.taskQueue === configured.action.taskQueue &&
    action.workflowExecutionTimeout === configured.action.workflowExecutionTimeout
  );
}
