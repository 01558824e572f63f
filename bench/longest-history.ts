import type { Client } from '@temporalio/client';

/**
 * The longest history of any run that was started since: how many events, and how many bytes. A list shows these only of
 * runs that have ended, so each run is asked, including those that are running.
 *
 * @throws Error if there is no run, or none with a history
 */
export async function longestHistory(
  client: Client,
  since: Date,
): Promise<{ events: number; bytes: number }> {
  const longest = { events: 0, bytes: 0 };
  for await (const { workflowId, runId } of client.workflow.list({
    query: `StartTime > "${since.toISOString()}"`,
  })) {
    const { historyLength, historySize = 0 } = await client.workflow.getHandle(workflowId, runId).describe();
    longest.events = Math.max(longest.events, historyLength);
    longest.bytes = Math.max(longest.bytes, historySize);
  }
  if (longest.events === 0 || longest.bytes === 0) throw new Error('no run has a history');
  return longest;
}
