/**
 * The rows that GitHub's answers and payloads become, with the column names of docs/reference.md. No functions
 * and no value imports, because workflows use it too.
 */

import type { ErrorCode } from './errors.ts';

/** An account, as the `contributors` table needs it. */
export interface Account {
  github_id: number;
  login: string;
  type: 'User' | 'Bot' | 'Organization' | 'Mannequin';
  avatar_url: string | null;
}

export interface InstallationRow {
  id: number;
  account_id: number;
  account_login: string;
  account_type: string;
  repository_selection: string;
  permissions: Record<string, string>;
  events: string[];
  suspended_at: string | null;
  created_at: string;
}

export interface RepositoryRow {
  id: number;
  node_id: string;
  owner_login: string;
  name: string;
  full_name: string;
  private: boolean;
  visibility: string;
  archived: boolean;
  disabled: boolean;
  fork: boolean;
  default_branch: string;
  description: string | null;
  language: string | null;
  topics: string[];
  stargazers_count: number;
  forks_count: number;
  open_issues_count: number;
  has_issues: boolean;
  has_pull_requests: boolean;
  created_at: string;
  updated_at: string;
  pushed_at: string | null;
}

export interface CommitRow {
  sha: string;
  message: string;
  author_name: string | null;
  author_email: string | null;
  committer_name: string | null;
  committer_email: string | null;
  authored_at: string | null;
  committed_at: string | null;
  parents: string[];
  /** the account that GitHub links the author to */
  author: Account | null;
}

/** Which of the permissions that kinds need the App was granted. */
export type Readable = Readonly<Record<string, boolean>>;

/** GitHub's answer to the query "what is new in this repository?", kept to be compared with the next one. */
export interface Probe {
  head_sha: string | null;
  default_branch: string | null;
  pushed_at: string | null;
  /** null if the App may not read them */
  issues_count: number | null;
  issues_updated_at: string | null;
  pull_requests_count: number | null;
  pull_requests_updated_at: string | null;
  /**
   * the node id of the latest release that is not a prerelease; null if there is none or the App may not read
   * it
   */
  latest_release?: string | null;
  latest_release_updated_at?: string | null;
  /** GitHub's time when it answered */
  asked_at: string;
}

/** GitHub's answer to the wider query, sent once an hour. */
export interface WideProbe {
  /** by kind: the number of its objects and the newest one, as text, which differs once the kind has changed */
  signs: Readonly<Record<string, string>>;
  /** GitHub's time when it answered */
  asked_at: string;
}

/** Rows per table: inserted or changed by one write, compared, or repaired. */
export type RowCounts = Readonly<Record<string, number>>;

/** The state of one of an installation's rate limits at GitHub (`resource`: `core`, `graphql`). */
export interface LimitState {
  limit: number | null;
  remaining: number | null;
  resets_at: string | null;
  blocked_until: string | null;
  blocked_code: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED' | null;
}

/** A delivery as it is inserted into the inbox. */
export interface NewDelivery {
  /** GitHub's GUID, in lower case */
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  /** `ignored` is final: it is never processed */
  status: 'pending' | 'ignored';
  /**
   * the payload's JSON text as UTF-8, unparsed, so that numbers beyond 2^53 arrive unchanged and nothing is
   * encoded twice
   */
  payload: Buffer;
  /** recovered from the App's delivery log, not received as a webhook */
  recovered?: boolean;
}

export const jobTypes = ['installation_import', 'periodic_sweep', 'webhook', 'repository_sync'] as const;
export const jobStatuses = ['running', 'completed', 'failed', 'cancelled', 'partial'] as const;
/** What started a job. */
export const triggers = ['webhook', 'schedule', 'manual', 'recovery'] as const;

export type JobType = (typeof jobTypes)[number];
export type JobStatus = (typeof jobStatuses)[number];
export type Trigger = (typeof triggers)[number];

/** A job as the HTTP API and `syncNow` show it (docs/reference.md, "Jobs"). */
export interface Job {
  id: string;
  job_type: JobType;
  status: JobStatus;
  trigger: Trigger;
  installation_id: number | null;
  repository_id: number | null;
  repositories_processed: number;
  commits_imported: number;
  issues_imported: number;
  pull_requests_imported: number;
  /** rows inserted or changed, per table; includes the three named counts */
  rows: RowCounts;
  api_requests: number;
  rate_limit_points: number;
  errors: number;
  error: { code: ErrorCode; message: string } | null;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  workflow_id: string;
  run_id: string;
  /** where Temporal's Web UI shows its run; null if unknown */
  temporal_url: string | null;
}
