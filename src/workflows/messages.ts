import type { ErrorCode } from '../errors.ts';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

/** The names that outsiders script against (contract, "Temporal"): task queue, types, ids, messages. */
export const TASK_QUEUE = 'github-sync';
export const SWEEP_SCHEDULE_ID = 'periodic-sweep';

export const workflowTypes = {
  installationImport: 'InstallationImport',
  repoSync: 'RepoSync',
  periodicSweep: 'PeriodicSweep',
} as const;

export const searchAttributes = {
  installationId: 'GitHubInstallationId',
  repository: 'GitHubRepository',
  trigger: 'SyncTrigger',
} as const;

export function installationImportId(installationId: number): string {
  return `installation-import/${installationId}`;
}

export function repoSyncId(repositoryId: number): string {
  return `repo-sync/${repositoryId}`;
}

export type Trigger = 'webhook' | 'schedule' | 'manual' | 'recovery';

export interface InstallationImportInput {
  installationId: number;
}

export interface RepoSyncInput {
  repositoryId: number;
}

/** What a wake asks for. Without one (a person's `temporal workflow signal`) it is `manual`. */
export interface Wake {
  /** `webhook` applies what was delivered; anything else compares the whole with GitHub */
  trigger: Trigger;
}

export interface Progress {
  phase: string;
  done: number;
  total: number | null;
  eta_seconds: number | null;
}

/** A job as the HTTP API shows it (contract, "HTTP"), without its `temporal_url`. */
export interface Job {
  id: string;
  job_type: 'installation_import' | 'periodic_sweep' | 'webhook' | 'repository_sync';
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'partial';
  trigger: Trigger;
  installation_id: number | null;
  repository_id: number | null;
  repositories_processed: number;
  commits_imported: number;
  issues_imported: number;
  pull_requests_imported: number;
  api_requests: number;
  rate_limit_points: number;
  errors: number;
  error: { code: ErrorCode; message: string } | null;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  workflow_id: string;
  run_id: string;
}

/** Wakes `RepoSync` and `InstallationImport`: "look again". Carries no data of GitHub's. */
export const wakeSignal = defineSignal<[Wake?]>('wake');
/** Compares the whole repository (installation) with GitHub and returns the finished job. */
export const syncNowUpdate = defineUpdate<Job>('syncNow');
export const progressQuery = defineQuery<Progress>('progress');
