import { workflowInfo } from '@temporalio/workflow';

/** Replay costs about a millisecond an event; the server itself would only suggest it at 4,096. */
const MAX_EVENTS = 800;
/** While somebody waits for this very run, whose update no other run could answer. */
const MAX_EVENTS_AWAITED = 5 * MAX_EVENTS;

/** Whether the run has grown so long that it should continue as new. */
export function shouldContinueAsNew(hasWaiters = false): boolean {
  return workflowInfo().historyLength > (hasWaiters ? MAX_EVENTS_AWAITED : MAX_EVENTS);
}
