import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { Trigger } from '../model.ts';
import {
  installationDeliveriesId,
  installationImportId,
  repoSyncId,
  TASK_QUEUE,
  wakeSignal,
  workflowTypes,
} from '../workflows/messages.ts';
import { attributesOf } from '../workflows/search-attributes.ts';
import { isUnknownSearchAttribute } from './call.ts';

/**
 * What to wake: the workflow that keeps a repository or an installation in sync with GitHub, or (`deliveries`)
 * the one that applies deliveries for many repositories of an installation. `label` is what people read in the
 * Web UI: `owner/name`, or the account's login.
 */
export interface WakeTarget {
  kind: 'repository' | 'installation' | 'deliveries';
  id: number;
  installationId: number | null;
  label: string | null;
}

/** How to start the workflow of a target if it is not running. */
export function startOptions(target: WakeTarget, trigger: Trigger) {
  const { id, installationId, label } = target;
  const name = label ?? String(id);
  if (target.kind === 'repository') {
    return {
      type: workflowTypes.repoSync,
      workflowId: repoSyncId(id),
      taskQueue: TASK_QUEUE,
      args: [{ repositoryId: id }],
      staticSummary: `Keeps ${name} in sync with GitHub`,
      typedSearchAttributes: attributesOf({ installationId, repository: label, trigger }),
    };
  }
  const ofInstallation = {
    taskQueue: TASK_QUEUE,
    args: [{ installationId: id }],
    typedSearchAttributes: attributesOf({ installationId: id, trigger }),
  };
  return target.kind === 'installation'
    ? {
        ...ofInstallation,
        type: workflowTypes.installationImport,
        workflowId: installationImportId(id),
        staticSummary: `Imports the installation of ${name}`,
      }
    : {
        ...ofInstallation,
        type: workflowTypes.installationDeliveries,
        workflowId: installationDeliveriesId(id),
        staticSummary: `Applies deliveries for the repositories of ${name}`,
      };
}

/**
 * Wakes the workflow of a repository or an installation, starting it if it is not running. Set a deadline
 * around it (`callTemporal`). The signal carries no GitHub data: the workflow looks for itself.
 */
export async function wake(
  client: Client,
  target: WakeTarget,
  trigger: Trigger,
): Promise<{ workflow_id: string; run_id: string }> {
  const { type, typedSearchAttributes, ...options } = startOptions(target, trigger);
  const handle = await withAttributes(typedSearchAttributes, (pairs) =>
    client.workflow.signalWithStart(type, {
      ...options,
      typedSearchAttributes: pairs,
      signal: wakeSignal,
      signalArgs: [{ trigger }],
    }),
  );
  return { workflow_id: options.workflowId, run_id: handle.signaledRunId };
}

/**
 * Starts a run with its search attributes, or without them while the namespace has none: they only help people
 * to find a run, so their absence must not keep it from running.
 */
export async function withAttributes<T>(
  pairs: SearchAttributePair[],
  start: (pairs: SearchAttributePair[]) => Promise<T>,
): Promise<T> {
  try {
    return await start(pairs);
  } catch (error) {
    if (!isUnknownSearchAttribute(error)) throw error;
    return start([]);
  }
}
