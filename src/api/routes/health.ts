import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { databaseIsSilent, withinDeadline } from '../../deadline.ts';
import { isDatabaseUnavailable } from '../../db/database-errors.ts';
import { readDependencies } from '../../db/health/dependencies.ts';
import { readKinds } from '../../db/health/kinds.ts';
import { readHealth } from '../../db/health/health.ts';
import { SyncError } from '../../errors.ts';
import type { ApiDeps } from '../deps.ts';
import { healthSchema, type Health } from './health-schema.ts';
import { healthStatus } from './health-status.ts';
import { errors } from '../schemas.ts';

const LOOK_MS = 5000;

function isAway(error: unknown): boolean {
  return (
    isDatabaseUnavailable(error) || (error instanceof SyncError && error.code === 'DATABASE_UNAVAILABLE')
  );
}

/** `GET /api/sync/health/`: how the mirror stands, from the database alone. */
export function registerHealth(app: FastifyInstance, deps: ApiDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/sync/health/',
    schema: {
      tags: ['operation'],
      summary: 'How the mirror stands; 503 when it is unhealthy',
      response: { 200: healthSchema, ...errors(401), 503: healthSchema },
    },
    handler: async (request, reply) => {
      const health = await withinDeadline(LOOK_MS, look(deps), databaseIsSilent).catch((error: unknown) => {
        if (!isAway(error)) throw error;
        request.log.warn({ reason: String(error) }, 'health without the database');
        return withoutDatabase;
      });
      return reply.code(health.status === 'unhealthy' ? 503 : 200).send(health);
    },
  });
}

async function look({ db, counts, settings }: ApiDeps): Promise<Health> {
  const { signals, ...figures } = await readHealth(db, counts, settings.intervalMs, settings.freshForMs);
  const dependencies = await readDependencies(db);
  return {
    status: healthStatus({ signals, ...figures }, dependencies, settings.intervalMs),
    ...figures,
    kinds: await readKinds(db, settings.skippedKinds ?? new Set()),
    dependencies: {
      database: 'up',
      temporal: dependencies.temporal === 'up' ? 'up' : 'down',
      github: dependencies.github,
    },
  };
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
  // Their state is kept in the database: not known is not up.
  dependencies: { database: 'down', temporal: 'down', github: 'down' },
};
