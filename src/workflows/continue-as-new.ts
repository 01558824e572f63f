import { CancellationScope, workflowInfo } from '@temporalio/workflow';

/** Replay takes about a millisecond per event; the server itself would suggest it only at 4,096 events. */
const MAX_EVENTS = 800;
/** The limit while a caller waits for this run, whose updates no other run could answer. */
const MAX_EVENTS_AWAITED = 5 * MAX_EVENTS;

/**
 * Whether the history has grown so long that the run should continue as new. Never if it was cancelled: the next run
 * would not know. Whatever it awaits next ends it instead.
 */
export function shouldContinueAsNew(hasWaiters = false): boolean {
  if (CancellationScope.current().consideredCancelled) return false;
  return workflowInfo().historyLength > (hasWaiters ? MAX_EVENTS_AWAITED : MAX_EVENTS);
}
