import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  findRepositoryMetrics,
  findTeamHealth,
  listMostActive,
  listMostActiveContributors,
  listWeeks,
} from '../../db/analytics.ts';
import { SyncError } from '../../errors.ts';
import { metricsSchema, teamSchema, weekSchema } from './analytics-schemas.ts';
import { cursorOf, encodeCursor } from './cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { errors, githubId, pageSize } from '../schemas.ts';

const count = z.number().int();
const position = z.tuple([count.min(0).max(2 ** 31 - 1), count.min(0)]);

/** Metrics of the mirrored work. */
export function registerAnalytics(app: FastifyInstance, { db }: ApiDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/analytics/repositories/:id/',
    schema: {
      tags: ['analytics'],
      operationId: 'getRepositoryAnalytics',
      summary: 'Metrics of a repository, and its last 26 weeks',
      params: z.object({ id: githubId }),
      response: {
        200: z.object({ metrics: metricsSchema, weeks: z.array(weekSchema) }),
        ...errors(400, 401, 404, 503),
      },
    },
    handler: async ({ params }) => {
      const [metrics, weeks] = await Promise.all([
        findRepositoryMetrics(db, params.id),
        listWeeks(db, params.id),
      ]);
      if (metrics === null) throw new SyncError('NOT_FOUND', `there is no live repository ${params.id}`);
      return { metrics, weeks };
    },
  });
  typed.route({
    method: 'GET',
    url: '/api/analytics/installations/:id/',
    schema: {
      tags: ['analytics'],
      operationId: 'getInstallationAnalytics',
      summary: "An installation's health, most active repositories and contributors",
      params: z.object({ id: githubId }),
      querystring: z.object({ limit: pageSize(100), cursor: cursorOf(position).optional() }),
      response: { 200: teamSchema, ...errors(400, 401, 404, 503) },
    },
    handler: async ({ params, query }) => {
      const [health, { repositories, next }, contributors] = await Promise.all([
        findTeamHealth(db, params.id),
        listMostActive(db, params.id, {
          limit: query.limit,
          after: query.cursor && { commits: query.cursor[0], id: query.cursor[1] },
        }),
        listMostActiveContributors(db, params.id),
      ]);
      if (health === null) throw new SyncError('NOT_FOUND', `there is no installation ${params.id}`);
      return {
        health,
        repositories,
        contributors,
        next: next && encodeCursor([next.commits, next.id]),
      };
    },
  });
}
