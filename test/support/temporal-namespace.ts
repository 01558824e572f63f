import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType

/** Makes a namespace with the product's search attributes on a server that others use too; returns its name. */
export async function createNamespace(address: string): Promise<string> {
  const namespace = `github-auto-sync-test-${process.pid}-${Date.now()}`;
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs('1 day'),
    });
    const searchAttributes = {
      GitHubInstallationId: KEYWORD,
      GitHubRepository: KEYWORD,
      SyncTrigger: KEYWORD,
    };
    // Every host of the server learns of a new namespace by itself, within seconds.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
        return namespace;
      } catch (error) {
        if (attempt === 60) throw error;
        await sleep(500);
      }
    }
  } finally {
    await connection.close();
  }
}
