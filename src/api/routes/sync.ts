import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findRunningSweep } from '../../db/jobs/list-jobs.ts';
import {
  findInstallationTarget,
  findRepositoryTarget,
  type SyncTarget,
} from '../../db/repositories/sync-targets.ts';
import { databaseIsSilent, withinDeadline } from '../../deadline.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import { callTemporal } from '../../temporal/call.ts';
import { pingTemporal } from '../../temporal/ping.ts';
import { startSweep } from '../../temporal/start-sweep.ts';
import { createSharedSyncNow, type SharedSyncNow } from '../../temporal/shared-sync-now.ts';
import { wake, type WakeTarget } from '../../temporal/wake.ts';
import type { ApiDeps } from '../deps.ts';
import { errorBody, githubId, jobSchema, startedSchema } from '../schemas.ts';
import { withUrl } from './jobs.ts';

/** Whoever asks while Temporal is away hears so within 3 s. */
const DEADLINE_MS = 2500;
const LOOKUP_MS = 5000;
const WAIT_MS = 50_000;

const refusals: Record<Exclude<SyncTarget['state'], 'live'>, ErrorCode> = {
  removed: 'REPOSITORY_REMOVED',
  'installation-removed': 'INSTALLATION_REMOVED',
  suspended: 'INSTALLATION_SUSPENDED',
};

/** Work that a person asks for. */
export function registerSync(app: FastifyInstance, deps: ApiDeps): void {
  // Nobody is kept waiting by a process that is told to stop.
  const stopping = new AbortController();
  app.addHook('preClose', (done) => {
    stopping.abort();
    done();
  });
  void app.register((scope: FastifyInstance, _options, registered) => {
    // These take no body: whatever a client sends along is not looked at.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, parsed) => parsed(null));
    registerSweep(scope, deps);
    const waiter = {
      stopping: stopping.signal,
      run: createSharedSyncNow(deps.client, WAIT_MS, stopping.signal),
    };
    registerTarget(scope, deps, 'repository', waiter);
    registerTarget(scope, deps, 'installation', waiter);
    registered();
  });
}

function registerSweep(app: FastifyInstance, { db, client }: ApiDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/api/sync/periodic/',
    schema: {
      tags: ['sync'],
      summary: 'Starts the periodic sweep',
      description: '200 with the running one where a sweep is at work: one works at a time.',
      response: { 200: startedSchema, 202: startedSchema, 401: errorBody, 503: errorBody },
    },
    handler: async (_request, reply) => {
      const running = await findRunningSweep(db);
      if (running !== null) {
        return reply.code(200).send({ workflow_id: running.workflow_id, run_id: running.run_id });
      }
      const { started, ...sweep } = await callTemporal(client, DEADLINE_MS, () => startSweep(client));
      return reply.code(started ? 202 : 200).send(sweep);
    },
  });
}

function registerTarget(
  app: FastifyInstance,
  deps: ApiDeps,
  kind: WakeTarget['kind'],
  waiter: { stopping: AbortSignal; run: SharedSyncNow },
): void {
  const find = kind === 'repository' ? findRepositoryTarget : findInstallationTarget;
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: `/api/sync/${kind}/:id/`,
    handlerTimeout: WAIT_MS + LOOKUP_MS + 2 * DEADLINE_MS,
    schema: {
      tags: ['sync'],
      summary: `Compares one ${kind} with GitHub now`,
      params: z.object({ id: githubId.describe(`GitHub's id of the ${kind}`) }),
      querystring: z.object({
        wait: z.enum(['true', 'false']).default('false').describe('answer with the finished job, up to 50 s'),
      }),
      response: {
        200: jobSchema,
        202: startedSchema,
        400: errorBody,
        401: errorBody,
        404: errorBody,
        409: errorBody,
        503: errorBody,
      },
    },
    handler: async (request, reply) => {
      const { params, query } = request;
      const found = await withinDeadline(LOOKUP_MS, find(deps.db, params.id), databaseIsSilent);
      if (found === null) throw new SyncError('NOT_FOUND', `there is no ${kind} ${params.id}`);
      if (found.state !== 'live')
        throw new SyncError(refusals[found.state], `${found.label} cannot be compared`);
      const target = { kind, id: found.id, installationId: found.installationId, label: found.label };
      const send = () => callTemporal(deps.client, DEADLINE_MS, () => wake(deps.client, target, 'manual'));
      if (query.wait === 'false') return reply.code(202).send(await send());

      await pingTemporal(deps.client, DEADLINE_MS);
      const waiting = AbortSignal.any([AbortSignal.timeout(WAIT_MS), waiter.stopping]);
      const outcome = await waiter.run(target, waiting);
      if (outcome.state === 'finished') return reply.code(200).send(withUrl(deps, outcome.job));
      const { state, ...run } = outcome.state === 'accepted' ? outcome : { ...(await send()), state: 'sent' };
      request.log.info({ ...run, state }, 'answered before the work was done');
      return reply.code(202).send(run);
    },
  });
}
