import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { listFailingRepositories } from '../../../db/dashboard/failing-repositories.ts';
import { withNames } from '../../../db/dashboard/with-names.ts';
import { findJob, findJobErrors } from '../../../db/jobs/find-job.ts';
import { listJobs } from '../../../db/jobs/list-jobs.ts';
import { SyncError } from '../../../errors.ts';
import { encodeCursor } from '../cursor.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors } from '../../schemas.ts';
import { jobFilterOf, jobFilters, withUrl } from '../jobs.ts';
import { adviceFor } from './advice.ts';
import { jobDetailSchema, jobPageSchema } from './schemas.ts';

/** The jobs screens: like `/api/sync/jobs/`, with the names of what the jobs worked on, and advice. */
export function registerJobPages(app: FastifyInstance, deps: ApiDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/dashboard/jobs/',
    schema: {
      hide: true,
      summary: 'Jobs, newest first, with names',
      querystring: jobFilters.extend({ first: z.enum(['newest', 'oldest']).optional() }),
      response: { 200: jobPageSchema, ...errors(400, 401, 503) },
    },
    handler: async ({ query }) => {
      const { jobs, next } = await listJobs(deps.db, { ...jobFilterOf(query), first: query.first });
      const named = await withNames(deps.db, jobs);
      return {
        jobs: named.map((job) => withUrl(deps, job)),
        next: next && encodeCursor(next),
      };
    },
  });
  typed.route({
    method: 'GET',
    url: '/api/dashboard/jobs/:id/',
    schema: {
      hide: true,
      summary: 'A job, advice on its error, and current failures among its repositories',
      params: z.object({ id: z.uuid('must be a UUID') }),
      response: { 200: jobDetailSchema, ...errors(400, 401, 404, 503) },
    },
    handler: async ({ params }) => {
      const job = await findJob(deps.db, params.id);
      if (job === null) throw new SyncError('NOT_FOUND', `there is no job ${params.id}`);
      const [named] = await withNames(deps.db, [job]);
      const failing = job.errors > 0 && job.repository_id === null;
      const [errors, groups] = await Promise.all([
        findJobErrors(deps.db, params.id),
        failing ? listFailingRepositories(deps.db, job.installation_id) : [],
      ]);
      return {
        job: withUrl(deps, named ?? { ...job, repository: null, account: null }),
        advice: adviceFor(job.error?.code ?? null),
        errors: errors.map((one) => ({ ...one, advice: adviceFor(one.code) })),
        failing: groups.map((group) => ({ ...group, advice: adviceFor(group.code) })),
      };
    },
  });
}
