import type { Client } from '@temporalio/client';

/** What Temporal counts (and Temporal Cloud bills) as actions, of every workflow that was started since. */
export async function temporalActions(client: Client, since: Date): Promise<Record<string, number>> {
  const sums = { starts: 0, signals: 0, activities: 0, timers: 0 };
  for await (const { workflowId, runId } of client.workflow.list({
    query: `StartTime > "${since.toISOString()}"`,
  })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of events ?? []) {
      if (event.workflowExecutionStartedEventAttributes) sums.starts += 1;
      if (event.workflowExecutionSignaledEventAttributes) sums.signals += 1;
      if (event.activityTaskScheduledEventAttributes) sums.activities += 1;
      if (event.timerStartedEventAttributes) sums.timers += 1;
    }
  }
  return sums;
}
