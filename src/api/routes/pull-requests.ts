import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findInstallation } from '../../db/installations/find-installation.ts';
import { listOpenPullRequests, pullRequestSorts } from '../../db/pull-requests/list-open.ts';
import type { Sql } from '../../db/orm.ts';
import { createPullRequestFigures } from '../../db/pull-requests/pull-request-figures.ts';
import { listReviewLoad } from '../../db/pull-requests/review-load.ts';
import { SyncError } from '../../errors.ts';
import { cursorOf, encodeCursor } from './cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { openPullRequestsSchema, pullRequestWeeksSchema, reviewLoadSchema } from './pull-request-schemas.ts';
import { errors, flag, githubId, pageSize } from '../schemas.ts';

/** Microseconds since 1970 or a count (negative if descending), and an id. */
const place = z.tuple([z.number().int().min(-8e15).max(8e15), z.number().int().min(0)]);

/** The state of pull requests and their reviews. */
export function registerPullRequests(app: FastifyInstance, { db }: ApiDeps): void {
  registerOpenPullRequests(app, db);
  registerWeeks(app, db);
  registerReviewLoad(app, db);
}

function registerOpenPullRequests(app: FastifyInstance, db: Sql): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/analytics/pull-requests/',
    schema: {
      tags: ['analytics'],
      operationId: 'listPullRequests',
      summary: 'Open pull requests, longest waiting first unless sorted otherwise',
      querystring: z.object({
        limit: pageSize(50),
        installation_id: githubId.optional(),
        repository_id: githubId.optional(),
        draft: flag.optional(),
        waiting_for: z
          .enum(['first_review', 'resolution'])
          .optional()
          .describe('a first review by another person, or the resolution of its review threads'),
        sort: z
          .enum(pullRequestSorts)
          .default('waiting')
          .describe('longest waiting, newest, most lines or most unresolved threads first'),
        cursor: cursorOf(place).optional(),
      }),
      response: { 200: openPullRequestsSchema, ...errors(400, 401, 503) },
    },
    handler: async ({ query }) => {
      const page = await listOpenPullRequests(db, {
        limit: query.limit,
        installationId: query.installation_id,
        repositoryId: query.repository_id,
        draft: query.draft,
        waitingFor: query.waiting_for,
        sort: query.sort,
        after: query.cursor,
      });
      return { ...page, next: page.next && encodeCursor(page.next) };
    },
  });
}

function registerWeeks(app: FastifyInstance, db: Sql): void {
  const figuresOf = createPullRequestFigures(db);
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/analytics/pull-requests/weeks/',
    schema: {
      tags: ['analytics'],
      operationId: 'getPullRequestWeeks',
      summary: 'Open pull requests now, and 26 weeks of pull requests with their time to review and merge',
      querystring: z.object({ installation_id: githubId.optional() }),
      response: { 200: pullRequestWeeksSchema, ...errors(400, 401, 503) },
    },
    handler: ({ query }) => figuresOf(query.installation_id),
  });
}

function registerReviewLoad(app: FastifyInstance, db: Sql): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/analytics/installations/:id/reviews/',
    schema: {
      tags: ['analytics'],
      operationId: 'getReviewLoad',
      summary: 'Who reviews, and who is asked to review',
      params: z.object({ id: githubId }),
      querystring: z.object({ limit: pageSize(50) }),
      response: { 200: reviewLoadSchema, ...errors(400, 401, 404, 503) },
    },
    handler: async ({ params, query }) => {
      const [installation, people] = await Promise.all([
        findInstallation(db, params.id),
        listReviewLoad(db, params.id, query.limit),
      ]);
      if (installation === null) throw new SyncError('NOT_FOUND', `there is no installation ${params.id}`);
      return { people };
    },
  });
}
