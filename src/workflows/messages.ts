import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Job, Trigger } from '../model.ts';

/**
 * The names that outsiders script against (docs/reference.md, "Temporal"): task queue, types, ids, messages.
 */
export const TASK_QUEUE = 'github-sync';
export const SWEEP_SCHEDULE_ID = 'periodic-sweep';

export const workflowTypes = {
  installationImport: 'InstallationImport',
  repoSync: 'RepoSync',
  installationDeliveries: 'InstallationDeliveries',
  periodicSweep: 'PeriodicSweep',
} as const;

export function installationImportId(installationId: number): string {
  return `installation-import/${installationId}`;
}

export function repoSyncId(repositoryId: number): string {
  return `repo-sync/${repositoryId}`;
}

export function installationDeliveriesId(installationId: number): string {
  return `installation-deliveries/${installationId}`;
}

export interface InstallationDeliveriesInput {
  installationId: number;
}

export interface InstallationImportInput {
  installationId: number;
}

export interface RepoSyncInput {
  repositoryId: number;
}

/** The payload of a wake. Without one (a person's `temporal workflow signal`) the trigger is `manual`. */
export interface Wake {
  /** `webhook` applies deliveries; any other trigger compares everything with GitHub */
  trigger: Trigger;
}

export interface Progress {
  phase: string;
  done: number;
  total: number | null;
  eta_seconds: number | null;
}

/**
 * Wakes `RepoSync`, `InstallationImport` and `InstallationDeliveries`: "look again". Carries no GitHub data.
 */
export const wakeSignal = defineSignal<[Wake?]>('wake');
/** Compares the whole repository (or installation) with GitHub and returns the finished job. */
export const syncNowUpdate = defineUpdate<Job>('syncNow');
export const progressQuery = defineQuery<Progress>('progress');
