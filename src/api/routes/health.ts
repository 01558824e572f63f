import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { databaseIsSilent, withinDeadline } from '../../deadline.ts';
import { isDatabaseUnavailable } from '../../db/database-errors.ts';
import { SyncError } from '../../errors.ts';
import { reasonOf } from '../../process/reason-of.ts';
import type { ApiDeps } from '../deps.ts';
import { healthSchema, type Health } from './health-schema.ts';
import { lookAtHealth } from './look-at-health.ts';
import { errors } from '../schemas.ts';

const LOOK_MS = 5000;

function isUnavailable(error: unknown): boolean {
  return (
    isDatabaseUnavailable(error) || (error instanceof SyncError && error.code === 'DATABASE_UNAVAILABLE')
  );
}

/** `GET /api/sync/health/`: the state of the mirror, from the database alone. */
export function registerHealth(app: FastifyInstance, deps: ApiDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/sync/health/',
    schema: {
      tags: ['operation'],
      operationId: 'getHealth',
      summary: 'The state of the mirror; 503 if it is unhealthy',
      response: { 200: healthSchema, ...errors(401), 503: healthSchema },
    },
    handler: async (request, reply) => {
      const health = await withinDeadline(LOOK_MS, lookAtHealth(deps), databaseIsSilent).catch(
        (error: unknown) => {
          if (!isUnavailable(error)) throw error;
          request.log.warn({ reason: reasonOf(error) }, 'health without the database');
          return withoutDatabase;
        },
      );
      return reply.code(health.status === 'unhealthy' ? 503 : 200).send(health);
    },
  });
}

const withoutDatabase: Health = {
  status: 'unhealthy',
  system: {
    total_installations: null,
    total_repositories: null,
    total_commits: null,
    total_issues: null,
    total_pull_requests: null,
    total_contributors: null,
    sync_coverage: null,
  },
  last_periodic_sync: null,
  webhooks: {
    received_24h: null,
    processed_24h: null,
    failed_24h: null,
    pending: null,
    oldest_pending_seconds: null,
  },
  jobs: { completed_24h: null, failed_24h: null, success_rate: null },
  rate_limits: [],
  drift: { verified_at: null, rows_compared: null, rows_healed: null, oldest_unverified_at: null },
  kinds: [],
  // Their state is stored in the database: unknown does not count as up.
  dependencies: { database: 'down', temporal: 'down', github: 'down' },
};
