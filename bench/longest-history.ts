import type { Client } from '@temporalio/client';

/** The longest history of any run that was started since: how many events, and how many bytes. */
export async function longestHistory(
  client: Client,
  since: Date,
): Promise<{ events: number; bytes: number }> {
  const longest = { events: 0, bytes: 0 };
  for await (const { historyLength, historySize = 0 } of client.workflow.list({
    query: `StartTime > "${since.toISOString()}"`,
  })) {
    longest.events = Math.max(longest.events, historyLength);
    longest.bytes = Math.max(longest.bytes, historySize);
  }
  return longest;
}
