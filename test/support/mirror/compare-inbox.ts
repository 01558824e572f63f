import type { Sandbox } from '../../../sandbox/index.ts';
import { rowsByKey, type Query } from './stored-rows.ts';

/** Every delivery in the App's log was received or recovered, and none waits. */
export async function compareDeliveries(sandbox: Sandbox, query: Query): Promise<string[]> {
  const stored = await rowsByKey(
    query,
    'select guid, event, status, error from webhook_deliveries',
    ({ guid }) => String(guid),
  );
  const lines: string[] = [];
  for (const { guid, event, action, deliveredAt } of sandbox.world.state.deliveries) {
    if (stored.has(guid) || event === 'ping') continue;
    const at = new Date(deliveredAt).toISOString();
    lines.push(`webhook_deliveries ${guid} (${event} ${action ?? ''} of ${at}): missing`);
  }
  for (const [guid, { event, status, error }] of stored) {
    if (status === 'pending')
      lines.push(`webhook_deliveries ${guid} (${String(event)}): pending (${String(error)})`);
    if (status === 'failed')
      lines.push(`webhook_deliveries ${guid} (${String(event)}): failed (${String(error)})`);
  }
  return lines;
}

/** Every job has ended. */
export async function compareJobs(query: Query): Promise<string[]> {
  const running = await rowsByKey(
    query,
    `select id, job_type, started_at from sync_jobs where status = 'running'`,
    ({ id }) => String(id),
  );
  return [...running].map(
    ([id, row]) => `sync_jobs ${id} (${String(row['job_type'])}): running since ${String(row['started_at'])}`,
  );
}
