// Made of the API's own description (`/docs/json`): npm run api-types. A test holds it to that.

/** Every request that the API answers: what its address takes, and its answers by status. */
export interface MirrorApi {
  'GET /api/sync/jobs/': {
    query: {
      limit?: number;
      status?: 'running' | 'completed' | 'failed' | 'cancelled' | 'partial';
      job_type?: 'installation_import' | 'periodic_sweep' | 'webhook' | 'repository_sync';
      installation_id?: number;
      repository_id?: number;
      since?: string;
      cursor?: string;
    };
    answers: { 200: { jobs: Job[]; next: string | null }; 400: ApiError; 401: ApiError; 503: ApiError };
  };
  'GET /api/sync/jobs/{id}/': {
    query: {};
    answers: { 200: Job; 400: ApiError; 401: ApiError; 404: ApiError; 503: ApiError };
  };
  'GET /api/deliveries/': {
    query: {
      limit?: number;
      status?: 'pending' | 'processed' | 'ignored' | 'failed';
      event?: string;
      installation_id?: number;
      repository_id?: number;
      recovered?: boolean;
      since?: string;
      cursor?: string;
    };
    answers: {
      200: { deliveries: Delivery[]; next: string | null };
      400: ApiError;
      401: ApiError;
      503: ApiError;
    };
  };
  'GET /api/deliveries/{guid}/': {
    query: {};
    answers: {
      200: {
        guid: string;
        event: string;
        action: string | null;
        installation_id: number | null;
        repository_id: number | null;
        received_at: string;
        processed_at: string | null;
        status: 'pending' | 'processed' | 'ignored' | 'failed';
        attempts: number;
        error: string | null;
        recovered: boolean;
        payload: Record<string, unknown>;
      };
      400: ApiError;
      401: ApiError;
      404: ApiError;
      503: ApiError;
    };
  };
  'POST /api/deliveries/{guid}/': {
    query: {};
    answers: {
      202: StartedRun;
      400: ApiError;
      401: ApiError;
      404: ApiError;
      409: ApiError;
      413: ApiError;
      503: ApiError;
    };
  };
  'GET /api/sync/health/': { query: {}; answers: { 200: Health; 401: ApiError; 503: Health } };
  'GET /api/analytics/repositories/{id}/': {
    query: {};
    answers: {
      200: {
        metrics: {
          repository_id: number;
          commits_7d: number;
          commits_30d: number;
          commits_90d: number;
          contributors_30d: number;
          contributors_90d: number;
          last_commit_at: string | null;
          open_issues: number;
          open_pull_requests: number;
          stale_issues: number;
          issues_opened_30d: number;
          issues_closed_30d: number;
          pull_requests_opened_30d: number;
          pull_requests_merged_30d: number;
          median_hours_to_close_90d: number | null;
          median_hours_to_merge_90d: number | null;
          bus_factor_90d: number;
          median_hours_to_first_review_90d: number | null;
          merged_without_review_90d: number;
          open_review_requests: number;
          unresolved_threads: number;
          releases_90d: number;
        };
        weeks: {
          week: string;
          commits: number;
          issues_opened: number;
          issues_closed: number;
          pull_requests_opened: number;
          pull_requests_merged: number;
        }[];
      };
      400: ApiError;
      401: ApiError;
      404: ApiError;
      503: ApiError;
    };
  };
  'GET /api/analytics/installations/{id}/': {
    query: { limit?: number; cursor?: string };
    answers: {
      200: {
        health: {
          installation_id: number;
          score: number | null;
          components: Record<string, Record<string, number | null>>;
        };
        repositories: {
          repository_id: number;
          commits_7d: number;
          commits_30d: number;
          commits_90d: number;
          contributors_30d: number;
          contributors_90d: number;
          last_commit_at: string | null;
          open_issues: number;
          open_pull_requests: number;
          stale_issues: number;
          issues_opened_30d: number;
          issues_closed_30d: number;
          pull_requests_opened_30d: number;
          pull_requests_merged_30d: number;
          median_hours_to_close_90d: number | null;
          median_hours_to_merge_90d: number | null;
          bus_factor_90d: number;
          median_hours_to_first_review_90d: number | null;
          merged_without_review_90d: number;
          open_review_requests: number;
          unresolved_threads: number;
          releases_90d: number;
          full_name: string;
        }[];
        contributors: {
          contributor_id: number;
          login: string | null;
          name: string | null;
          avatar_url: string | null;
          commits: number;
        }[];
        next: string | null;
      };
      400: ApiError;
      401: ApiError;
      404: ApiError;
      503: ApiError;
    };
  };
  'GET /api/analytics/pull-requests/': {
    query: {
      limit?: number;
      installation_id?: number;
      repository_id?: number;
      draft?: boolean;
      waiting_for?: 'first_review' | 'resolution';
      sort?: 'waiting' | 'newest' | 'size' | 'unresolved';
      cursor?: string;
    };
    answers: {
      200: {
        pull_requests: {
          id: number;
          repository_id: number;
          full_name: string;
          number: number;
          title: string;
          draft: boolean;
          author_login: string | null;
          labels: string[];
          assignees: string[];
          base_ref: string;
          requested_reviewers: string[];
          requested_teams: string[];
          created_at: string;
          updated_at: string;
          waiting_since: string;
          first_review_at: string | null;
          first_approval_at: string | null;
          reviews: number;
          comments: number;
          unresolved_threads: number;
          size: number | null;
        }[];
        next: string | null;
      };
      400: ApiError;
      401: ApiError;
      503: ApiError;
    };
  };
  'GET /api/analytics/pull-requests/weeks/': {
    query: { installation_id?: number };
    answers: {
      200: {
        now: {
          open: number;
          drafts: number;
          waiting_for_first_review: number;
          longest_waiting_since: string | null;
          unresolved_threads: number;
          open_review_requests: number;
        };
        weeks: {
          week: string;
          opened: number;
          merged: number;
          median_hours_to_merge: number | null;
          median_hours_to_first_review: number | null;
        }[];
      };
      400: ApiError;
      401: ApiError;
      503: ApiError;
    };
  };
  'GET /api/analytics/installations/{id}/reviews/': {
    query: { limit?: number };
    answers: {
      200: {
        people: {
          contributor_id: number;
          login: string | null;
          name: string | null;
          avatar_url: string | null;
          reviews_30d: number;
          reviews_90d: number;
          pull_requests_reviewed_90d: number;
          open_review_requests: number;
        }[];
      };
      400: ApiError;
      401: ApiError;
      404: ApiError;
      503: ApiError;
    };
  };
  'GET /livez': { query: {}; answers: { 200: { status: 'alive'; version: string } } };
  'GET /readyz': {
    query: {};
    answers: {
      200: {
        status: 'ready' | 'not ready';
        dependencies: {
          database: 'up' | 'down';
          schema: string;
          temporal: 'up' | 'down' | 'unknown';
          github: 'up' | 'down' | 'limited' | 'unknown';
        };
      };
      503: {
        status: 'ready' | 'not ready';
        dependencies: {
          database: 'up' | 'down';
          schema: string;
          temporal: 'up' | 'down' | 'unknown';
          github: 'up' | 'down' | 'limited' | 'unknown';
        };
      };
    };
  };
  'GET /metrics': { query: {}; answers: { 200: string; 401: ApiError } };
  'POST /api/login/': { query: {}; answers: { 204: null; 400: ApiError; 401: ApiError; 429: ApiError } };
  'DELETE /api/login/': { query: {}; answers: { 204: null; 401: ApiError } };
  'POST /api/github/webhook/': {
    query: {};
    answers: {
      200: { status: 'pong' };
      202: { status: 'accepted' | 'ignored' | 'duplicate'; guid: string };
      400: ApiError;
      401: ApiError;
      413: ApiError;
      503: ApiError;
    };
  };
  'POST /api/sync/periodic/': {
    query: {};
    answers: { 200: StartedRun; 202: StartedRun; 400: ApiError; 401: ApiError; 413: ApiError; 503: ApiError };
  };
  'POST /api/sync/repository/{id}/': {
    query: { wait?: boolean };
    answers: {
      200: Job;
      202: StartedRun;
      400: ApiError;
      401: ApiError;
      404: ApiError;
      409: ApiError;
      413: ApiError;
      503: ApiError;
    };
  };
  'POST /api/sync/installation/{id}/': {
    query: { wait?: boolean };
    answers: {
      200: Job;
      202: StartedRun;
      400: ApiError;
      401: ApiError;
      404: ApiError;
      409: ApiError;
      413: ApiError;
      503: ApiError;
    };
  };
  'POST /api/sync/repository/{id}/verify/': {
    query: { wait?: boolean };
    answers: {
      200: {
        id: string;
        job_type: 'installation_import' | 'periodic_sweep' | 'webhook' | 'repository_sync';
        status: 'running' | 'completed' | 'failed' | 'cancelled' | 'partial';
        trigger: 'webhook' | 'schedule' | 'manual' | 'recovery';
        installation_id: number | null;
        repository_id: number | null;
        repositories_processed: number;
        commits_imported: number;
        issues_imported: number;
        pull_requests_imported: number;
        rows: Record<string, number>;
        api_requests: number;
        rate_limit_points: number;
        errors: number;
        error: { code: string; message: string } | null;
        started_at: string;
        finished_at: string | null;
        duration_ms: number | null;
        workflow_id: string;
        run_id: string;
        temporal_url: string | null;
        verification: {
          verified_at: string;
          rows_compared: number;
          rows_healed: number;
          healed: Record<string, number>;
        } | null;
      };
      202: StartedRun;
      400: ApiError;
      401: ApiError;
      404: ApiError;
      409: ApiError;
      413: ApiError;
      503: ApiError;
    };
  };
}

export interface ApiError {
  code:
    | 'BAD_REQUEST'
    | 'UNAUTHORIZED'
    | 'SIGNATURE_INVALID'
    | 'NOT_FOUND'
    | 'REPOSITORY_REMOVED'
    | 'INSTALLATION_REMOVED'
    | 'INSTALLATION_SUSPENDED'
    | 'PAYLOAD_TOO_LARGE'
    | 'TOO_MANY_ATTEMPTS'
    | 'OVERLOADED'
    | 'INTERNAL'
    | 'DATABASE_UNAVAILABLE'
    | 'SCHEMA_MISMATCH'
    | 'TEMPORAL_UNAVAILABLE'
    | 'RATE_LIMITED'
    | 'SECONDARY_RATE_LIMITED'
    | 'GITHUB_UNAVAILABLE'
    | 'GRAPHQL_UNAVAILABLE'
    | 'GITHUB_BAD_ANSWER'
    | 'BAD_CREDENTIALS'
    | 'APP_MISMATCH'
    | 'ACCESS_REFUSED'
    | 'IP_NOT_ALLOWED'
    | 'PERMISSION_MISSING'
    | 'REPOSITORY_BLOCKED'
    | 'REPOSITORY_UNKNOWN'
    | 'LEASE_BUSY'
    | 'LEASE_LOST'
    | 'NOT_YET_VISIBLE'
    | 'LIST_SHIFTED'
    | 'ROW_REFUSED'
    | 'DELIVERY_UNREADABLE'
    | 'DELIVERY_PENDING'
    | 'DELIVERY_NOT_APPLICABLE'
    | 'STILL_RUNNING'
    | 'JOB_CANCELLED'
    | 'JOB_ABANDONED'
    | 'PARTLY_FAILED'
    | 'UNKNOWN';
  message: string;
  requestId: string;
}

export interface Delivery {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  received_at: string;
  processed_at: string | null;
  status: 'pending' | 'processed' | 'ignored' | 'failed';
  attempts: number;
  error: string | null;
  recovered: boolean;
}

export interface Health {
  status: 'healthy' | 'degraded' | 'unhealthy';
  system: {
    total_installations: number | null;
    total_repositories: number | null;
    total_commits: number | null;
    total_issues: number | null;
    total_pull_requests: number | null;
    total_contributors: number | null;
    sync_coverage: number | null;
  };
  last_periodic_sync: {
    started_at: string;
    finished_at: string | null;
    status: 'running' | 'completed' | 'failed' | 'cancelled' | 'partial';
    repos_processed: number;
    duration_ms: number | null;
  } | null;
  webhooks: {
    received_24h: number | null;
    processed_24h: number | null;
    failed_24h: number | null;
    pending: number | null;
    oldest_pending_seconds: number | null;
  };
  jobs: { completed_24h: number | null; failed_24h: number | null; success_rate: number | null };
  rate_limits: {
    installation_id: number;
    resource: string;
    limit: number;
    remaining: number;
    resets_at: string;
  }[];
  drift: {
    verified_at: string | null;
    rows_compared: number | null;
    rows_healed: number | null;
    oldest_unverified_at: string | null;
  };
  kinds: { kind: string; on: number; off: number; reasons: { permission?: number; skipped?: number } }[];
  dependencies: {
    database: 'up' | 'down' | 'limited';
    temporal: 'up' | 'down' | 'limited';
    github: 'up' | 'down' | 'limited';
  };
}

export interface Job {
  id: string;
  job_type: 'installation_import' | 'periodic_sweep' | 'webhook' | 'repository_sync';
  status: 'running' | 'completed' | 'failed' | 'cancelled' | 'partial';
  trigger: 'webhook' | 'schedule' | 'manual' | 'recovery';
  installation_id: number | null;
  repository_id: number | null;
  repositories_processed: number;
  commits_imported: number;
  issues_imported: number;
  pull_requests_imported: number;
  rows: Record<string, number>;
  api_requests: number;
  rate_limit_points: number;
  errors: number;
  error: { code: string; message: string } | null;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  workflow_id: string;
  run_id: string;
  temporal_url: string | null;
}

export interface StartedRun {
  workflow_id: string;
  run_id: string;
}
