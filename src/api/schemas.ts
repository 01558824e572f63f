import { z } from 'zod';
import { errorTable } from '../errors.ts';
import { jobStatuses, jobTypes, triggers } from '../model.ts';

/** The body of every error, whatever its status. */
const errorBody = z
  .object({
    code: z.enum(Object.keys(errorTable)),
    message: z.string(),
    requestId: z.string(),
  })
  .meta({
    id: 'ApiError',
    example: { code: 'NOT_FOUND', message: 'there is no repository 42', requestId: 'req-1' },
  });

/** The error responses of a route, by status. */
export function errors<Status extends number>(...statuses: Status[]): Record<Status, typeof errorBody>;
export function errors(...statuses: number[]): Record<number, typeof errorBody> {
  return Object.fromEntries(statuses.map((status) => [status, errorBody]));
}

const digits = /^[1-9]\d{0,15}$/;

/**
 * How the API's description declares a parameter that is text in the address but means something else: with
 * "string", generated clients would ask for text.
 */
const described = {
  id: { type: 'integer', format: 'int64', minimum: 1, pattern: undefined },
  limit: { type: 'integer', minimum: 1, maximum: 200, pattern: undefined },
  flag: { type: 'boolean', enum: undefined },
};

/** One of GitHub's ids in a path or query: a positive integer that JSON can represent. */
export const githubId = z
  .string()
  .regex(digits, 'must be a positive number')
  .meta(described.id)
  .transform(Number)
  .refine(Number.isSafeInteger, 'is too large');

/** `limit` of a list. */
export function pageSize(fallback: number) {
  return z
    .string()
    .regex(/^\d{1,3}$/, 'must be a number from 1 to 200')
    .meta({ ...described.limit, default: fallback })
    .transform(Number)
    .refine((value) => value >= 1 && value <= 200, 'must be a number from 1 to 200')
    .default(fallback);
}

/** `true` or `false` in a query. */
export const flag = z
  .enum(['true', 'false'])
  .meta(described.flag)
  .transform((text) => text === 'true');

/** `since` of a list. */
export const since = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], {
    error: 'must be a time such as 2026-01-31T12:00:00Z, or a date',
  })
  // PostgreSQL has no year 0, and nothing happened before 1970 anyway.
  .transform((text) => new Date(Math.max(0, Date.parse(text))));

export const time = z.iso.datetime();
const count = z.number().int();

const jobFields = z.object({
  id: z.uuid(),
  job_type: z.enum(jobTypes),
  status: z.enum(jobStatuses),
  trigger: z.enum(triggers),
  installation_id: count.nullable(),
  repository_id: count.nullable(),
  repositories_processed: count,
  commits_imported: count,
  issues_imported: count,
  pull_requests_imported: count,
  rows: z.record(z.string(), count),
  api_requests: count,
  rate_limit_points: count,
  errors: count,
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  started_at: time,
  finished_at: time.nullable(),
  duration_ms: count.nullable(),
  workflow_id: z.string(),
  run_id: z.string(),
  temporal_url: z.string().nullable(),
});

export const jobSchema = jobFields.meta({
  id: 'Job',
  example: {
    id: '4c2f0d9e-8a7b-4b59-9c55-2f1f6d0f7a10',
    job_type: 'webhook',
    status: 'completed',
    trigger: 'webhook',
    installation_id: 7,
    repository_id: 1296269,
    repositories_processed: 1,
    commits_imported: 2,
    issues_imported: 0,
    pull_requests_imported: 1,
    rows: { commits: 2, pull_requests: 1, pull_request_reviews: 1 },
    api_requests: 2,
    rate_limit_points: 0,
    errors: 0,
    error: null,
    started_at: '2026-01-31T12:00:00.000Z',
    finished_at: '2026-01-31T12:00:00.412Z',
    duration_ms: 412,
    workflow_id: 'repo-sync/1296269',
    run_id: '0190f9a2-7c1e-7d54-9a54-3c2f5b1d2e11',
    temporal_url: null,
  },
});

/** The finished job of one repository's verification, with its result; null if the job did not get that far. */
export const verifiedSchema = jobSchema.extend({
  verification: z
    .object({
      verified_at: time,
      rows_compared: count,
      rows_healed: count,
      healed: z.record(z.string(), count).describe('rows that differed and were repaired, by table'),
    })
    .nullable(),
});

/** The answer of routes that start work. */
export const startedSchema = z.object({ workflow_id: z.string(), run_id: z.string() }).meta({
  id: 'StartedRun',
  example: { workflow_id: 'repo-sync/1296269', run_id: '0190f9a2-7c1e-7d54-9a54-3c2f5b1d2e11' },
});
