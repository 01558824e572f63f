import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import { noopMetricMeter } from '@temporalio/common';

const info: Info = {
  taskToken: new Uint8Array(),
  base64TaskToken: '',
  activityId: 'test',
  activityType: 'test',
  activityNamespace: 'default',
  namespace: 'default',
  attempt: 1,
  isLocal: false,
  inWorkflow: true,
  workflowExecution: { workflowId: 'test', runId: 'test' },
  scheduledTimestampMs: 1,
  scheduleToCloseTimeoutMs: 86_400_000,
  startToCloseTimeoutMs: 1000,
  currentAttemptScheduledTimestampMs: 1,
  heartbeatDetails: undefined,
  taskQueue: 'test',
};

const ignore = () => undefined;
const log = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * Runs an activity as a worker would, without a server. `MockActivityEnvironment` would load the client and the worker,
 * which would take half a second in each of the many files that need neither.
 */
export function inActivity<T>(work: () => Promise<T>): Promise<T> {
  const cancelled = new Promise<never>(ignore);
  const { signal } = new AbortController();
  const context = new Context(info, cancelled, signal, ignore, undefined, log, noopMetricMeter, {});
  return asyncLocalStorage.run(context, work);
}
