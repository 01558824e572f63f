/** Our rows as GitHub's answers and payloads become them; column names as in docs/reference.md. No functions, no imports of values: workflows read it too. */

import type { ErrorCode } from './errors.ts';

/** An account as the people's table needs it. */
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

/** Which permissions the App was granted of those that required kinds need. */
export type Readable = Readonly<Record<string, boolean>>;

/** GitHub's answer to "what is new in this repository?", kept to be compared with the next one. */
export interface Probe {
  head_sha: string | null;
  default_branch: string | null;
  pushed_at: string | null;
  /** null where the App may not read them */
  issues_count: number | null;
  issues_updated_at: string | null;
  pull_requests_count: number | null;
  pull_requests_updated_at: string | null;
  /** the node id of the newest release that is no prerelease; null where there is none or the App may not read it */
  latest_release?: string | null;
  latest_release_updated_at?: string | null;
  /** GitHub's clock when it answered */
  asked_at: string;
}

/** GitHub's answer to the wider question, asked once an hour. */
export interface WideProbe {
  /** by kind: the number of its objects and the newest, as text; another one where the kind changed */
  signs: Readonly<Record<string, string>>;
  /** GitHub's clock when it answered */
  asked_at: string;
}

/** Rows by table: inserted or changed by one write, compared, or repaired. */
export type RowCounts = Readonly<Record<string, number>>;

/** The state of one budget of an installation at GitHub (`resource`: `core`, `graphql`). */
export interface LimitState {
  limit: number | null;
  remaining: number | null;
  resets_at: string | null;
  blocked_until: string | null;
  blocked_code: 'RATE_LIMITED' | 'SECONDARY_RATE_LIMITED' | null;
}

/** A delivery as it enters the inbox. */
export interface NewDelivery {
  /** GitHub's GUID in lower case */
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  /** `ignored` is final: nobody works on it */
  status: 'pending' | 'ignored';
  /** the payload's own JSON text as UTF-8, so that numbers beyond 2^53 arrive unchanged and nothing is encoded once more */
  payload: Buffer;
  /** found in the App's delivery log instead of sent to us */
  recovered?: boolean;
}

export const jobTypes = ['installation_import', 'periodic_sweep', 'webhook', 'repository_sync'] as const;
export const jobStatuses = ['running', 'completed', 'failed', 'cancelled', 'partial'] as const;
/** What made a job begin. */
export const triggers = ['webhook', 'schedule', 'manual', 'recovery'] as const;

export type JobType = (typeof jobTypes)[number];
export type JobStatus = (typeof jobStatuses)[number];
export type Trigger = (typeof triggers)[number];

/** A job as the HTTP API shows it (docs/reference.md, "Jobs"), without its `temporal_url`. */
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
  /** rows inserted or changed, by table; the three named counts are part of it */
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
}
