import type { Client } from '@temporalio/client';
import { callTemporal } from './call.ts';

/**
 * Resolves if Temporal answers and has our namespace.
 *
 * @throws SyncError TEMPORAL_UNAVAILABLE
 */
export async function pingTemporal(client: Client, deadlineMs: number): Promise<void> {
  const { namespace } = client.options;
  await callTemporal(client, deadlineMs, () =>
    client.connection.workflowService.describeNamespace({ namespace }),
  );
}
