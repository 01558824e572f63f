import { workflowInfo } from '@temporalio/workflow';

/** Replay costs about a millisecond an event; the server itself would only suggest it at 4,096. */
const MAX_EVENTS = 800;

/** Whether a run has grown so long that it should continue as new. */
export function isLong(): boolean {
  return workflowInfo().historyLength > MAX_EVENTS;
}

/** Whether it must, whoever waits for this very run. */
export function isMuchTooLong(): boolean {
  return workflowInfo().historyLength > 5 * MAX_EVENTS;
}
