import { z } from 'zod';
import { jobSchema, time } from '../../schemas.ts';

// What the dashboard's own endpoints answer. The dashboard imports its types from here, so this file must not
// import anything that a browser lacks.

const count = z.number().int();
const text = z.string().nullable();
const maybeTime = time.nullable();

export const freshnessSchema = z.enum(['fresh', 'catching_up', 'late', 'needs_you', 'paused', 'removed']);
const freshnessCounts = z.object({
  fresh: count,
  catching_up: count,
  late: count,
  needs_you: count,
  paused: count,
});

export const pulseSchema = z.object({
  version: z.string(),
  running_jobs: count,
  pending_deliveries: count,
  /** the address of GitHub's pages, or null if unknown (the sandbox has none) */
  github_url: text,
  /** where the App is installed on an account, or null if unknown */
  install_url: text,
});

export const overviewSchema = z.object({
  freshness: freshnessCounts,
  problems: z.array(
    z.object({
      kind: z.enum([
        'repository_error',
        'installation_suspended',
        'deliveries_failed',
        'deliveries_waiting',
        'sweep_incomplete',
        'blocked',
      ]),
      code: text,
      message: text,
      advice: text,
      count,
      id: count.nullable(),
      name: text,
      at: maybeTime,
    }),
  ),
  hours: z.array(
    z.object({
      hour: time,
      deliveries: count,
      deliveries_failed: count,
      deliveries_recovered: count,
      jobs: count,
      jobs_failed: count,
    }),
  ),
  sweep: z.object({ interval_ms: count }),
  /** the owners of `health.rate_limits`, by installation id */
  accounts: z.record(z.string(), z.string()),
  delivery_log: z.object({
    interval_ms: count.nullable(),
    /** if the log is currently read less often than that: the error code why, and when it is read next */
    delay: z.object({ code: z.string(), until: time }).nullable(),
  }),
});

const listedRepositorySchema = z.object({
  id: count,
  full_name: z.string(),
  private: z.boolean(),
  archived: z.boolean(),
  fork: z.boolean(),
  language: text,
  freshness: freshnessSchema,
  sync_error: text,
  last_synced_at: maybeTime,
  pushed_at: maybeTime,
  removed_reason: text,
  commits: count,
  issues: count,
  pull_requests: count,
});

export const repositoryPageSchema = z.object({
  repositories: z.array(listedRepositorySchema),
  total: count,
  next: text,
});

const issue = z.object({
  number: count,
  title: z.string(),
  author_login: text,
  labels: z.array(z.string()),
  created_at: time,
  updated_at: time,
});

export const repositorySchema = z.object({
  repository: z.object({
    id: count,
    full_name: z.string(),
    installation_id: count.nullable(),
    account_login: text,
    private: z.boolean(),
    archived: z.boolean(),
    fork: z.boolean(),
    description: text,
    language: text,
    topics: z.array(z.string()),
    stargazers_count: count,
    forks_count: count,
    default_branch: z.string(),
    head_sha: text,
    freshness: freshnessSchema,
    sync_status: z.string(),
    sync_error: text,
    advice: text,
    last_synced_at: maybeTime,
    verified_at: maybeTime,
    verified: z.object({ rows: count, healed: z.record(z.string(), count) }).nullable(),
    pushed_at: maybeTime,
    removed_at: maybeTime,
    removed_reason: text,
    commits: count,
    issues: count,
    pull_requests: count,
    branches: count,
    contributors: count,
    pending_deliveries: count,
    github_url: text,
  }),
  contents: z.object({
    branches: z.array(z.object({ name: z.string(), head_sha: z.string(), protected: z.boolean() })),
    commits: z.array(
      z.object({ sha: z.string(), message: z.string(), author: text, committed_at: maybeTime }),
    ),
    open_issues: z.array(issue),
    open_pull_requests: z.array(issue.extend({ draft: z.boolean() })),
    reviews_waiting: z.array(
      z.object({
        number: count,
        title: z.string(),
        author_login: text,
        requested_reviewers: z.array(z.string()),
        requested_teams: z.array(z.string()),
        waiting_since: time,
      }),
    ),
    unresolved_threads: z.array(
      z.object({
        id: count,
        number: count,
        path: z.string(),
        author_login: text,
        comment: text,
        comments: count,
        created_at: maybeTime,
      }),
    ),
    releases: z.array(
      z.object({
        id: count,
        tag_name: z.string(),
        name: text,
        prerelease: z.boolean(),
        author_login: text,
        published_at: maybeTime,
        assets: count,
      }),
    ),
    people: z.array(
      z.object({
        contributor_id: count,
        login: text,
        name: text,
        type: z.string(),
        commits_count: count,
        last_commit_at: maybeTime,
      }),
    ),
  }),
});

const installationRowSchema = z.object({
  id: count,
  account_login: z.string(),
  account_type: z.string(),
  repository_selection: z.string(),
  permissions: z.record(z.string(), z.string()),
  events: z.array(z.string()),
  suspended_at: maybeTime,
  deleted_at: maybeTime,
  created_at: time,
  repositories: freshnessCounts,
  commits: count,
  issues: count,
  pull_requests: count,
  /** permissions that the mirror needs and the account did not grant */
  missing_permissions: z.array(z.string()),
  /** further kinds that are off for it, and why */
  kinds_off: z.array(
    z.object({
      kind: z.string(),
      reason: z.enum(['permission', 'skipped']),
      permissions: z.array(z.string()),
    }),
  ),
  /** where the account changes what it grants, or null if GitHub's pages are unknown */
  settings_url: text,
});

const progressSchema = z.object({
  job_id: z.uuid(),
  started_at: time,
  phase: z.enum(['importing', 'backfilling']),
  repositories: count,
  repositories_done: count,
  backfills: count,
  rows: count,
  rows_per_second: z.number(),
  api_requests: count,
  eta_seconds: count.nullable(),
  waiting_until: maybeTime,
  waiting_code: text,
});

export const installationPageSchema = z.object({
  installations: z.array(installationRowSchema.extend({ progress: progressSchema.nullable() })),
  next: text,
});

export const installationSchema = z.object({
  installation: installationRowSchema,
  progress: progressSchema.nullable(),
});

const names = { repository: text, account: text };
const namedJobSchema = jobSchema.extend(names);
export const jobPageSchema = z.object({ jobs: z.array(namedJobSchema), next: text });

export const jobDetailSchema = z.object({
  job: namedJobSchema,
  advice: text,
  /** failures in it, by code */
  errors: z.array(z.object({ code: z.string(), count, advice: text })),
  failing: z.array(
    z.object({
      code: z.string(),
      count,
      advice: text,
      examples: z.array(z.object({ id: count, full_name: z.string(), message: z.string() })),
    }),
  ),
});

export const deliveryStatus = z.enum(['pending', 'processed', 'ignored', 'failed']);
const deliverySchema = z.object({
  guid: z.guid(),
  event: z.string(),
  action: text,
  installation_id: count.nullable(),
  repository_id: count.nullable(),
  received_at: time,
  processed_at: maybeTime,
  status: deliveryStatus,
  attempts: count,
  error: text,
  recovered: z.boolean(),
  requeued_at: maybeTime,
  ...names,
});

export const deliveryPageSchema = z.object({ deliveries: z.array(deliverySchema), next: text });
export const deliveryDetailSchema = z.object({
  delivery: deliverySchema.extend({ payload_bytes: count, advice: text }),
});
export const payloadSchema = z.object({ text: z.string(), truncated: z.boolean() });

export type Pulse = z.infer<typeof pulseSchema>;
export type Overview = z.infer<typeof overviewSchema>;
export type RepositoryPage = z.infer<typeof repositoryPageSchema>;
export type RepositoryDetail = z.infer<typeof repositorySchema>;
export type InstallationPage = z.infer<typeof installationPageSchema>;
export type InstallationDetail = z.infer<typeof installationSchema>;
export type ImportProgress = z.infer<typeof progressSchema>;
export type NamedJob = z.infer<typeof namedJobSchema>;
export type JobPage = z.infer<typeof jobPageSchema>;
export type JobDetail = z.infer<typeof jobDetailSchema>;
export type DeliveryPage = z.infer<typeof deliveryPageSchema>;
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;
export type Payload = z.infer<typeof payloadSchema>;
