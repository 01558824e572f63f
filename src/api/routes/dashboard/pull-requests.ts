import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listOpenPullRequests, listPullRequestWeeks } from '../../../db/dashboard/pull-requests.ts';
import { cursorOf, encodeCursor } from '../../cursor.ts';
import type { ApiDeps } from '../../deps.ts';
import { errorBody, githubId, pageSize } from '../../schemas.ts';
import { pullRequestPageSchema, pullRequestWeeksSchema } from './schemas.ts';

/** The screen of pull requests. */
export function registerPullRequestPages(app: FastifyInstance, { db }: ApiDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/dashboard/pull-requests/',
    schema: {
      hide: true,
      summary: 'Open pull requests, those open longest first',
      querystring: z.object({
        limit: pageSize(50),
        installation_id: githubId.optional(),
        draft: z.enum(['true', 'false']).optional(),
        cursor: cursorOf(z.tuple([z.number().int().min(0).max(8e15), z.number().int().min(0)])).optional(),
      }),
      response: { 200: pullRequestPageSchema, 400: errorBody, 401: errorBody, 503: errorBody },
    },
    handler: async ({ query }) => {
      const page = await listOpenPullRequests(db, {
        limit: query.limit,
        installationId: query.installation_id,
        draft: query.draft && query.draft === 'true',
        after: query.cursor,
      });
      return { ...page, next: page.next && encodeCursor(page.next) };
    },
  });
  typed.route({
    method: 'GET',
    url: '/api/dashboard/pull-requests/weeks/',
    schema: {
      hide: true,
      summary: 'Pull requests opened and merged in each of 26 weeks',
      querystring: z.object({ installation_id: githubId.optional() }),
      response: { 200: pullRequestWeeksSchema, 400: errorBody, 401: errorBody, 503: errorBody },
    },
    handler: async ({ query }) => ({ weeks: await listPullRequestWeeks(db, query.installation_id) }),
  });
}
