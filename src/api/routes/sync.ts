import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { databaseTime } from '../../db/database-time.ts';
import { findRunningSweep, hasSweepEnded } from '../../db/jobs/list-jobs.ts';
import { enqueueRepositories } from '../../db/repository-sync/enqueue-repositories.ts';
import { findVerification } from '../../db/repositories/find-verification.ts';
import {
  findInstallationTarget,
  findRepositoryTarget,
  type SyncTarget,
} from '../../db/repositories/sync-targets.ts';
import { databaseIsSilent, withinDeadline } from '../../deadline.ts';
import { SyncError, type ErrorCode } from '../../errors.ts';
import type { Job } from '../../model.ts';
import { ASKED_CALL_MS, callTemporal } from '../../temporal/call.ts';
import { pingTemporal } from '../../temporal/ping.ts';
import { howChainEnded } from '../../temporal/how-it-ended.ts';
import { startSweep } from '../../temporal/start-sweep.ts';
import { createSharedSyncNow, type SharedSyncNow } from '../../temporal/shared-sync-now.ts';
import { wake, type WakeTarget } from '../../temporal/wake.ts';
import type { ApiDeps } from '../deps.ts';
import { acceptNoBody } from '../accept-no-body.ts';
import { errors, flag, githubId, jobSchema, startedSchema, verifiedSchema } from '../schemas.ts';
import { withUrl } from './jobs.ts';

const LOOKUP_MS = 5000;
const WAIT_MS = 50_000;
const HANDLER_MS = WAIT_MS + LOOKUP_MS + 2 * ASKED_CALL_MS;

const refusals: Record<Exclude<SyncTarget['state'], 'live'>, ErrorCode> = {
  removed: 'REPOSITORY_REMOVED',
  'installation-removed': 'INSTALLATION_REMOVED',
  suspended: 'INSTALLATION_SUSPENDED',
};

/** Work that a person requests. */
export function registerSync(app: FastifyInstance, deps: ApiDeps): void {
  // A process that is stopping keeps nobody waiting.
  const stopping = new AbortController();
  app.addHook('preClose', (done) => {
    stopping.abort();
    done();
  });
  void app.register((scope: FastifyInstance, _options, registered) => {
    acceptNoBody(scope);
    registerSweep(scope, deps);
    const waiter = {
      stopping: stopping.signal,
      run: createSharedSyncNow(deps.client, WAIT_MS, stopping.signal),
    };
    registerTarget(scope, deps, 'repository', waiter);
    registerTarget(scope, deps, 'installation', waiter);
    registerVerification(scope, deps, waiter);
    registered();
  });
}

function registerSweep(app: FastifyInstance, { db, client }: ApiDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/api/sync/periodic/',
    schema: {
      tags: ['sync'],
      operationId: 'startSweep',
      summary: 'Starts the periodic sweep',
      description: '200 with the running sweep if there is one: only one runs at a time.',
      response: { 200: startedSchema, 202: startedSchema, ...errors(400, 401, 413, 503) },
    },
    handler: async (_request, reply) => {
      const running = await findRunningSweep(db);
      // One that was terminated has its job open for some seconds.
      if (running !== null && (await howChainEnded(client, running, ASKED_CALL_MS)) === null) {
        return reply.code(200).send({ workflow_id: running.workflow_id, run_id: running.run_id });
      }
      const { started, ...sweep } = await callTemporal(client, ASKED_CALL_MS, () =>
        startSweep(client, (run) => hasSweepEnded(db, run)),
      );
      return reply.code(started ? 202 : 200).send(sweep);
    },
  });
}

interface Waiter {
  stopping: AbortSignal;
  run: SharedSyncNow;
}

const waitQuery = z.object({
  wait: flag.optional().describe('wait up to 50 s and answer with the finished job'),
});

const refused = errors(400, 401, 404, 409, 413, 503);

function registerTarget(app: FastifyInstance, deps: ApiDeps, kind: WakeTarget['kind'], waiter: Waiter): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: `/api/sync/${kind}/:id/`,
    handlerTimeout: HANDLER_MS,
    schema: {
      tags: ['sync'],
      operationId: kind === 'repository' ? 'syncRepository' : 'syncInstallation',
      summary: `Compares one ${kind} with GitHub now`,
      params: z.object({ id: githubId.describe(`GitHub's id of the ${kind}`) }),
      querystring: waitQuery,
      response: { 200: jobSchema, 202: startedSchema, ...refused },
    },
    handler: async (request, reply) => {
      const { params, query } = request;
      const target = await findTarget(deps, kind, params.id);
      const outcome = await runNow(deps, target, query.wait === true ? waiter : null, request.log);
      if (outcome.state === 'finished') return reply.code(200).send(withUrl(deps, outcome.job));
      return reply.code(202).send(outcome.run);
    },
  });
}

function registerVerification(app: FastifyInstance, deps: ApiDeps, waiter: Waiter): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/api/sync/repository/:id/verify/',
    handlerTimeout: HANDLER_MS,
    schema: {
      tags: ['sync'],
      operationId: 'verifyRepository',
      summary: 'Compares every row of a repository with GitHub now, and repairs what differs',
      description: '`npm run verify` for one repository: compares every row, even if GitHub shows no change.',
      params: z.object({ id: githubId.describe("GitHub's id of the repository") }),
      querystring: waitQuery,
      response: { 200: verifiedSchema, 202: startedSchema, ...refused },
    },
    handler: async (request, reply) => {
      const { params, query } = request;
      const target = await findTarget(deps, 'repository', params.id);
      await pingTemporal(deps.client, ASKED_CALL_MS);
      // It is queued in the database: a sweep continues what this round does not finish.
      const began = await databaseTime(deps.db);
      await enqueueRepositories(deps.db, [{ id: target.id, probe: null }], 'full');
      const outcome = await runNow(deps, target, query.wait === true ? waiter : null, request.log);
      if (outcome.state === 'started') return reply.code(202).send(outcome.run);
      const verification = await findVerification(deps.db, target.id, began);
      return reply.code(200).send({ ...withUrl(deps, outcome.job), verification });
    },
  });
}

/** @throws SyncError NOT_FOUND, or why it cannot be compared */
async function findTarget(deps: ApiDeps, kind: WakeTarget['kind'], id: number): Promise<WakeTarget> {
  const find = kind === 'repository' ? findRepositoryTarget : findInstallationTarget;
  const found = await withinDeadline(LOOKUP_MS, find(deps.db, id), databaseIsSilent);
  if (found === null) throw new SyncError('NOT_FOUND', `there is no ${kind} ${id}`);
  if (found.state !== 'live') throw new SyncError(refusals[found.state], `${found.label} cannot be compared`);
  return { kind, id: found.id, installationId: found.installationId, label: found.label };
}

type Outcome =
  { state: 'finished'; job: Job } | { state: 'started'; run: { workflow_id: string; run_id: string } };

/** Wakes the target's workflow; with `wait`, waits for the end of work that began after this. */
async function runNow(
  { client }: ApiDeps,
  target: WakeTarget,
  waiter: Waiter | null,
  log: FastifyBaseLogger,
): Promise<Outcome> {
  const send = () => callTemporal(client, ASKED_CALL_MS, () => wake(client, target, 'manual'));
  if (waiter === null) return { state: 'started', run: await send() };
  await pingTemporal(client, ASKED_CALL_MS);
  const waiting = AbortSignal.any([AbortSignal.timeout(WAIT_MS), waiter.stopping]);
  const outcome = await waiter.run(target, waiting);
  if (outcome.state === 'finished') return outcome;
  const { state, ...run } = outcome.state === 'accepted' ? outcome : { ...(await send()), state: 'sent' };
  log.info({ ...run, state }, 'answered before the work finished');
  return { state: 'started', run };
}
