import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** The history of every run in a namespace as text, its payloads decoded too, by workflow and run id. */
export async function readHistories(client: Client): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { workflowId, runId } of client.workflow.list()) {
    const json = historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory());
    const payloads = [...json.matchAll(/"data": "([^"]*)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString(),
    );
    texts.set(`${workflowId} ${runId}`, [json, ...payloads].join('\n'));
  }
  return texts;
}
