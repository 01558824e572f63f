import { z } from 'zod';
import { jobSchema, time } from '../schemas.ts';

const state = z.enum(['up', 'down', 'limited']);
// Null only if the database could not be queried.
const numberOrNull = z.number().nullable();

/**
 * What `GET /api/sync/health/` answers. Must not import anything that a browser lacks: the dashboard imports
 * its types from here.
 */
export const healthSchema = z
  .object({
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    system: z.object({
      total_installations: numberOrNull,
      total_repositories: numberOrNull,
      total_commits: numberOrNull,
      total_issues: numberOrNull,
      total_pull_requests: numberOrNull,
      total_contributors: numberOrNull,
      sync_coverage: numberOrNull.describe('share (0-100) of live repositories compared within two periods'),
    }),
    last_periodic_sync: z
      .object({
        started_at: time,
        finished_at: time.nullable(),
        status: jobSchema.shape.status,
        repos_processed: z.number(),
        duration_ms: z.number().nullable(),
      })
      .nullable(),
    webhooks: z.object({
      received_24h: numberOrNull,
      processed_24h: numberOrNull,
      failed_24h: numberOrNull,
      pending: numberOrNull,
      oldest_pending_seconds: numberOrNull,
    }),
    jobs: z.object({ completed_24h: numberOrNull, failed_24h: numberOrNull, success_rate: numberOrNull }),
    rate_limits: z.array(
      z.object({
        installation_id: z.number(),
        resource: z.string(),
        limit: z.number(),
        remaining: z.number(),
        resets_at: time,
      }),
    ),
    drift: z.object({
      verified_at: z.string().nullable(),
      rows_compared: numberOrNull,
      rows_healed: numberOrNull,
      oldest_unverified_at: time.nullable(),
    }),
    kinds: z
      .array(
        z.object({
          kind: z.string().describe('the table of a further kind'),
          on: z.number().describe('live installations'),
          off: z.number(),
          reasons: z.object({ permission: z.number().optional(), skipped: z.number().optional() }),
        }),
      )
      .describe('further kinds, and on how many installations they are on and off'),
    dependencies: z.object({ database: state, temporal: state, github: state }),
  })
  .meta({ id: 'Health' });

export type Health = z.infer<typeof healthSchema>;
