import type { Sandbox } from '../../../sandbox/index.ts';
import type { StoredRows } from './stored-rows.ts';

/** Every delivery in the App's log was received or recovered, and none waits. */
export function compareDeliveries(sandbox: Sandbox, stored: StoredRows): string[] {
  const rows = stored('webhook_deliveries');
  const known = new Set(rows.map(({ guid }) => guid));
  const lines: string[] = [];
  for (const { guid, event, action, deliveredAt } of sandbox.world.state.deliveries) {
    if (known.has(guid) || event === 'ping') continue;
    const at = new Date(deliveredAt).toISOString();
    lines.push(`webhook_deliveries ${guid} (${event} ${action ?? ''} of ${at}): missing`);
  }
  for (const { guid, event, status, error } of rows) {
    if (status !== 'pending' && status !== 'failed') continue;
    lines.push(`webhook_deliveries ${String(guid)} (${String(event)}): ${status} (${String(error)})`);
  }
  return lines;
}

/** Every job has ended. */
export function compareJobs(stored: StoredRows): string[] {
  return stored('sync_jobs').flatMap(({ id, job_type: type, status, started_at: since }) =>
    status === 'running' ? [`sync_jobs ${String(id)} (${String(type)}): running since ${String(since)}`] : [],
  );
}
