import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** A worker that dies is noticed after so long; activities beat every 5 s. */
const HEARTBEAT_TIMEOUT = '15s';

/**
 * Activities that ask GitHub. They are tried for a day: a limit lasts an hour at most, an outage longer, and
 * each failure says itself when to try again or that it is final. A waiting one holds no slot of a worker.
 */
export const githubActivities = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
});

/**
 * The same for a sweep: an installation that is unavailable within some minutes is left to the next sweep, so
 * that its failure delays no other.
 */
export const sweepActivities = proxyActivities<Activities>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: HEARTBEAT_TIMEOUT,
  scheduleToCloseTimeout: '11m',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s', maximumAttempts: 5 },
});

/** Activities that ask GitHub nothing: they read and write the database, or wake a workflow. */
export const databaseActivities = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '24h',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

/**
 * The same for what a sweep can do without: a statement of it that PostgreSQL never gets through is left to the next sweep after some
 * minutes, instead of holding up this one and, as one works at a time, all others.
 */
export const verificationActivities = proxyActivities<
  Pick<Activities, 'queueVerification' | 'concludeVerification'>
>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '15s', maximumAttempts: 10 },
});

/**
 * The same for what takes a moment: done in the workflow's own task, without a way to the server and back. It is tried once, and
 * within the task's ten seconds.
 */
export const localActivities = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5s',
  retry: { maximumAttempts: 1 },
});
