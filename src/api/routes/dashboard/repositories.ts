import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findRepositoryRow } from '../../../db/dashboard/find-repository.ts';
import { listRepositories, repositorySorts } from '../../../db/dashboard/list-repositories.ts';
import { readRepositoryContents } from '../../../db/dashboard/repository-contents.ts';
import { readRepositoryReviews } from '../../../db/dashboard/repository-reviews.ts';
import { SyncError } from '../../../errors.ts';
import { cursorOf, encodeCursor } from '../cursor.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors, githubId, pageSize } from '../../schemas.ts';
import { adviceFor } from './advice.ts';
import { freshnessSchema, repositoryPageSchema, repositorySchema } from './schemas.ts';

/** How many rows of each kind a repository's screen shows. */
const SHOWN = 10;

const filters = z.object({
  limit: pageSize(50),
  q: z.string().max(200).optional().describe('part of `owner/name`'),
  state: freshnessSchema.optional(),
  installation_id: githubId.optional(),
  sort: z.enum(repositorySorts).default('name'),
  cursor: cursorOf(z.tuple([z.string().max(200), z.number().int().min(0)])).optional(),
});

/** The repositories screens. */
export function registerRepositoryPages(app: FastifyInstance, { db, settings }: ApiDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/dashboard/repositories/',
    schema: {
      hide: true,
      summary: 'Repositories, a page at a time',
      querystring: filters,
      response: { 200: repositoryPageSchema, ...errors(400, 401, 503) },
    },
    handler: async ({ query }) => {
      const page = await listRepositories(db, settings, {
        limit: query.limit,
        text: query.q,
        state: query.state,
        installationId: query.installation_id,
        sort: query.sort,
        after: query.cursor,
      });
      return { ...page, next: page.next && encodeCursor(page.next) };
    },
  });
  typed.route({
    method: 'GET',
    url: '/api/dashboard/repositories/:id/',
    schema: {
      hide: true,
      summary: 'A repository and its most recent contents',
      params: z.object({ id: githubId }),
      response: { 200: repositorySchema, ...errors(400, 401, 404, 503) },
    },
    handler: async ({ params }) => {
      const [row, contents, reviews] = await Promise.all([
        findRepositoryRow(db, settings, params.id),
        readRepositoryContents(db, params.id, SHOWN),
        readRepositoryReviews(db, params.id, SHOWN),
      ]);
      if (row === null) throw new SyncError('NOT_FOUND', `there is no repository ${params.id}`);
      const url = settings.githubPages && `${settings.githubPages.url}/${row.full_name}`;
      const advice = adviceFor(row.sync_error?.split(':', 1)[0] ?? null);
      return {
        repository: { ...row, advice, github_url: url ?? null },
        contents: { ...contents, ...reviews },
      };
    },
  });
}
