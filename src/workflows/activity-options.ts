import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** How long it takes to notice that a worker died; activities send a heartbeat every 5 s. */
const HEARTBEAT_TIMEOUT = '15s';

/**
 * An activity that is cancelled still writes until it notices: whatever follows waits for that. Not what the SDK does
 * unless told so, whatever its documentation says (`encodeActivityCancellationType` of 1.24 makes TRY_CANCEL of nothing).
 */
const cancellationType = 'WAIT_CANCELLATION_COMPLETED';

/**
 * Activities that call GitHub. They are retried for a day: a rate limit lasts an hour at most, an outage
 * longer. Each failure says when to retry, or that it is final. An activity between retries holds no worker
 * slot.
 */
export const githubActivities = proxyActivities<Activities>({
  cancellationType,
  startToCloseTimeout: '10m',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
});

/**
 * The same for a sweep: an installation that is unavailable for some minutes is left to the next sweep, so that
 * its failure delays no others.
 */
export const sweepActivities = proxyActivities<Activities>({
  cancellationType,
  startToCloseTimeout: '10m',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '11m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s', maximumAttempts: 5 },
});

/** Activities that do not call GitHub: they read and write the database, or wake a workflow. */
export const databaseActivities = proxyActivities<Activities>({
  cancellationType,
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

/**
 * The same for work that a sweep can skip: if PostgreSQL cannot complete one of its statements within some
 * minutes, the work is left to the next sweep. Otherwise it would block this sweep and, because only one runs
 * at a time, all later ones.
 */
export const verificationActivities = proxyActivities<
  Pick<Activities, 'queueVerification' | 'concludeVerification'>
>({
  cancellationType,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '15s', maximumAttempts: 10 },
});

/**
 * The same for very short work: done within the workflow task, without a round trip to the server. It is tried
 * once, within the task's ten seconds.
 */
export const localActivities = proxyLocalActivities<Activities>({
  cancellationType,
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
});
