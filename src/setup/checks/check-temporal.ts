import type { Client } from '@temporalio/client';
import { SyncError } from '../../errors.ts';
import { reasonOf } from '../../process/reason-of.ts';
import { scheduleCommand } from '../../temporal/ensure-schedule.ts';
import { searchAttributeCommands } from '../../temporal/ensure-search-attributes.ts';
import {
  inspectNamespace,
  inspectPollers,
  inspectSchedule,
  missingSearchAttributes,
} from '../../temporal/inspect.ts';
import { fault, ok, warning, type Finding } from '../finding.ts';

const DEADLINE_MS = 5000;

/** Temporal: that it answers and has our namespace; the sweep's schedule, the search attributes, a worker. */
export async function checkTemporal(client: Client, everyMs: number): Promise<Finding[]> {
  const { namespace } = client.options;
  let version: string;
  try {
    version = await inspectNamespace(client, DEADLINE_MS);
  } catch (error) {
    const reason = reasonOf(error);
    const unknown = error instanceof SyncError && /namespace/i.test(reason);
    return [
      fault('temporal', {
        message: unknown
          ? `Temporal has no namespace ${namespace}.`
          : reason.startsWith('Temporal')
            ? `${reason}.`
            : `Temporal does not answer (${reason}).`,
        why: 'Deliveries are kept, but nothing is mirrored.',
        advice: unknown
          ? `temporal operator namespace create -n ${namespace}, or correct TEMPORAL_NAMESPACE.`
          : 'Check that it runs, and check TEMPORAL_ADDRESS (TEMPORAL_API_KEY, TEMPORAL_TLS_*).',
      }),
    ];
  }
  const parts = await Promise.all([
    checkSchedule(client, everyMs),
    checkSearchAttributes(client),
    checkWorkers(client),
  ]);
  return [ok('temporal', `server ${version || 'of unknown version'}, namespace ${namespace}`), ...parts];
}

async function checkSchedule(client: Client, everyMs: number): Promise<Finding> {
  const schedule = await inspectSchedule(client, everyMs, DEADLINE_MS);
  const period = `every ${Math.round(everyMs / 1000)} s`;
  if (schedule === null) {
    return fault('schedule', {
      message: 'the schedule periodic-sweep is missing.',
      why: 'No sweeps run, so lost deliveries are not recovered.',
      advice: `Start a worker, which creates it; if the worker may not: ${scheduleCommand(everyMs)}`,
    });
  }
  if (schedule.paused) {
    return warning('schedule', {
      message: `periodic-sweep is paused${schedule.note === '' ? '' : ` ("${schedule.note}")`}.`,
      why: 'No sweeps run meanwhile.',
      advice: 'temporal schedule toggle --schedule-id periodic-sweep --unpause --reason "back"',
    });
  }
  if (schedule.current) return ok('schedule', `periodic-sweep, ${period}`);
  return warning('schedule', {
    message: `periodic-sweep does not match SYNC_INTERVAL (${period}).`,
    why: 'The worker runs with different settings.',
    advice: 'Restart the worker with these settings, which updates it, or correct SYNC_INTERVAL here.',
  });
}

async function checkSearchAttributes(client: Client): Promise<Finding> {
  const missing = await missingSearchAttributes(client, DEADLINE_MS);
  if (missing.length === 0) return ok('search attributes', 'all there');
  return fault('search attributes', {
    message: `the namespace lacks ${missing.join(', ')}.`,
    why: 'Workflows run but cannot be found by installation, repository or trigger.',
    advice: `Start a worker, which creates them; if the worker may not: ${searchAttributeCommands(missing, client.options.namespace)}`,
  });
}

async function checkWorkers(client: Client): Promise<Finding> {
  const { workflow, activity, lastSeenAt } = await inspectPollers(client, DEADLINE_MS);
  if (workflow > 0 && activity > 0) return ok('worker', `${Math.min(workflow, activity)} polling`);
  return fault('worker', {
    // Both times show whose clock is wrong.
    message:
      lastSeenAt === null
        ? 'no worker is polling.'
        : `no worker is polling: the last did at ${lastSeenAt.toISOString()}, and here it is ${new Date().toISOString()}.`,
    why: 'Deliveries are kept, but nothing is mirrored.',
    advice: 'Start one: npm run worker (with the same TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE).',
  });
}
