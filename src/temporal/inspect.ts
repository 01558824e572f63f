import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import { SWEEP_SCHEDULE_ID, TASK_QUEUE } from '../workflows/messages.ts';
import { searchAttributeNames } from '../workflows/search-attributes.ts';
import { callTemporal } from './call.ts';
import { isCurrent } from './ensure-schedule.ts';

// temporal.api.enums.v1.TaskQueueType
const TASK_QUEUE_TYPES = { workflow: 1, activity: 2 } as const;
/** A long poll lasts a minute; the server remembers pollers for five. */
const POLLING_WITHIN_MS = 75_000;

export interface ScheduleFacts {
  paused: boolean;
  /** the operator's note on the pause */
  note: string;
  /** whether it matches this configuration */
  current: boolean;
}

/** The version of the server, which answers and has our namespace. @throws SyncError TEMPORAL_UNAVAILABLE */
export async function inspectNamespace(client: Client, deadlineMs: number): Promise<string> {
  const { namespace } = client.options;
  return callTemporal(client, deadlineMs, async () => {
    const { serverVersion } = await client.connection.workflowService.getSystemInfo({});
    await client.connection.workflowService.describeNamespace({ namespace });
    return serverVersion;
  });
}

/** The sweep's schedule, or null if there is none. */
export async function inspectSchedule(
  client: Client,
  everyMs: number,
  deadlineMs: number,
): Promise<ScheduleFacts | null> {
  return callTemporal(client, deadlineMs, async () => {
    try {
      const description = await client.schedule.getHandle(SWEEP_SCHEDULE_ID).describe();
      const { paused, note } = description.state;
      return { paused, note: note ?? '', current: isCurrent(description, everyMs) };
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return null;
      throw error;
    }
  });
}

/** The search attributes that the namespace lacks. */
export async function missingSearchAttributes(client: Client, deadlineMs: number): Promise<string[]> {
  const { namespace } = client.options;
  return callTemporal(client, deadlineMs, async () => {
    // Not the operator service, which Temporal Cloud does not have.
    const { keys } = await client.connection.workflowService.getSearchAttributes({});
    const own = await client.connection.operatorService
      .listSearchAttributes({ namespace })
      .then(({ customAttributes }) => Object.keys(customAttributes ?? {}))
      .catch(() => []);
    const known = new Set([...Object.keys(keys ?? {}), ...own]);
    return searchAttributeNames.filter((name) => !known.has(name));
  });
}

/** How many workers poll our task queue for workflows and activities now, and when one last did. */
export async function inspectPollers(
  client: Client,
  deadlineMs: number,
): Promise<Record<keyof typeof TASK_QUEUE_TYPES, number> & { lastSeenAt: Date | null }> {
  const { namespace } = client.options;
  const describe = async (taskQueueType: number): Promise<Poller[]> => {
    const { pollers } = await client.connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: TASK_QUEUE },
      taskQueueType,
    });
    return (pollers ?? []).map(({ identity, lastAccessTime }) => ({
      identity: identity ?? '',
      at: Number(lastAccessTime?.seconds ?? 0) * 1000,
    }));
  };
  return callTemporal(client, deadlineMs, async () => {
    const workflow = await describe(TASK_QUEUE_TYPES.workflow);
    const activity = await describe(TASK_QUEUE_TYPES.activity);
    const last = Math.max(0, ...[...workflow, ...activity].map(({ at }) => at));
    return {
      workflow: polling(workflow),
      activity: polling(activity),
      lastSeenAt: last === 0 ? null : new Date(last),
    };
  });
}

interface Poller {
  identity: string;
  /** by Temporal's clock */
  at: number;
}

function polling(pollers: readonly Poller[]): number {
  const seen = pollers.filter(({ at }) => Date.now() - at < POLLING_WITHIN_MS);
  return new Set(seen.map(({ identity }) => identity)).size;
}
