import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findJob } from '../../db/jobs/find-job.ts';
import { listJobs, type JobFilter } from '../../db/jobs/list-jobs.ts';
import { SyncError } from '../../errors.ts';
import { temporalUrl } from '../../temporal/temporal-url.ts';
import { cursorOf, encodeCursor } from './cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { errors, githubId, jobSchema, pageSize, since } from '../schemas.ts';

const position = z.tuple([z.number().int().min(0).max(8e15), z.uuid()]);

export const jobFilters = z.object({
  limit: pageSize(50),
  status: jobSchema.shape.status.optional(),
  job_type: jobSchema.shape.job_type.optional(),
  installation_id: githubId.optional(),
  repository_id: githubId.optional(),
  since: since.optional().describe('started at this time or later'),
  cursor: cursorOf(position).optional().describe("the last answer's `next`"),
});

export function jobFilterOf(query: z.output<typeof jobFilters>): JobFilter {
  return {
    limit: query.limit,
    status: query.status,
    jobType: query.job_type,
    installationId: query.installation_id,
    repositoryId: query.repository_id,
    since: query.since,
    after: query.cursor,
  };
}

/** A job with its address in the Temporal Web UI. */
export function withUrl<J extends { workflow_id: string; run_id: string }>(deps: ApiDeps, job: J) {
  const { namespace } = deps.client.options;
  return { ...job, temporal_url: temporalUrl({ url: deps.settings.temporalUiUrl, namespace }, job) };
}

/** The jobs: what was done, and with what result. */
export function registerJobs(app: FastifyInstance, deps: ApiDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/sync/jobs/',
    schema: {
      tags: ['jobs'],
      operationId: 'listJobs',
      summary: 'Jobs, newest first',
      querystring: jobFilters,
      response: {
        200: z.object({ jobs: z.array(jobSchema), next: z.string().nullable() }),
        ...errors(400, 401, 503),
      },
    },
    handler: async ({ query }) => {
      const { jobs, next } = await listJobs(deps.db, jobFilterOf(query));
      return {
        jobs: jobs.map((job) => withUrl(deps, job)),
        next: next && encodeCursor(next),
      };
    },
  });
  typed.route({
    method: 'GET',
    url: '/api/sync/jobs/:id/',
    schema: {
      tags: ['jobs'],
      operationId: 'getJob',
      summary: 'One job',
      params: z.object({ id: z.uuid('must be a UUID') }),
      response: { 200: jobSchema, ...errors(400, 401, 404, 503) },
    },
    handler: async ({ params }) => {
      const job = await findJob(deps.db, params.id);
      if (job === null) throw new SyncError('NOT_FOUND', `there is no job ${params.id}`);
      return withUrl(deps, job);
    },
  });
}
