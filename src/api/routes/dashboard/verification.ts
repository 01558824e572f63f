import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { hasSweepEnded } from '../../../db/jobs/list-jobs.ts';
import { ASKED_CALL_MS, callTemporal } from '../../../temporal/call.ts';
import { startVerification } from '../../../temporal/start-sweep.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors, startedSchema } from '../../schemas.ts';
import { acceptNoBody } from '../../accept-no-body.ts';

/** `POST /api/dashboard/verification/`: starts what `npm run verify` does. */
export function registerVerification(app: FastifyInstance, { db, client }: ApiDeps): void {
  void app.register((scope: FastifyInstance, _options, registered) => {
    acceptNoBody(scope);
    scope.withTypeProvider<ZodTypeProvider>().route({
      method: 'POST',
      url: '/api/dashboard/verification/',
      schema: {
        hide: true,
        summary: 'Compares everything with GitHub; 200 if that is already running',
        response: { 200: startedSchema, 202: startedSchema, ...errors(400, 401, 413, 503) },
      },
      handler: async (_request, reply) => {
        const { started, ...run } = await callTemporal(client, ASKED_CALL_MS, () =>
          startVerification(client, (one) => hasSweepEnded(db, one)),
        );
        return reply.code(started ? 202 : 200).send(run);
      },
    });
    registered();
  });
}
