import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findDeliverySize, readPayload } from '../../db/deliveries/delivery-payload.ts';
import {
  deliveryStatuses,
  findDeliveryRoute,
  listDeliveries,
  type RoutedDelivery,
} from '../../db/deliveries/list-deliveries.ts';
import { requeueDelivery } from '../../db/deliveries/requeue-delivery.ts';
import { shapeOf } from '../../deliveries/events.ts';
import { SyncError } from '../../errors.ts';
import { ASKED_CALL_MS, callTemporal } from '../../temporal/call.ts';
import { pingTemporal } from '../../temporal/ping.ts';
import { wake, type WakeTarget } from '../../temporal/wake.ts';
import { createPayloadAnswers, PAYLOAD_HANDLER_MS } from './answer-payload.ts';
import { cursorOf, encodeCursor } from './cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { acceptNoBody } from '../accept-no-body.ts';
import { errors, flag, githubId, pageSize, since, startedSchema, time } from '../schemas.ts';

const deliveryFields = z.object({
  guid: z.guid(),
  event: z.string(),
  action: z.string().nullable(),
  installation_id: z.number().nullable(),
  repository_id: z.number().nullable(),
  received_at: time,
  processed_at: time.nullable(),
  status: z.enum(deliveryStatuses),
  attempts: z.number().int(),
  error: z.string().nullable(),
  recovered: z.boolean(),
});
const deliverySchema = deliveryFields.meta({ id: 'Delivery' });

const position = z.tuple([z.number().int().min(0).max(8e15), z.guid()]);

const filters = z.object({
  limit: pageSize(50),
  status: z.enum(deliveryStatuses).optional(),
  event: z
    .string()
    .max(100)
    .regex(/^[a-z0-9_]+$/, 'must be the name of an event')
    .optional(),
  installation_id: githubId.optional(),
  repository_id: githubId.optional(),
  recovered: flag.optional(),
  since: since.optional().describe('received at this time or later'),
  cursor: cursorOf(position).optional().describe("the last answer's `next`"),
});

// Any version, not only those that RFC 9562 names: GitHub's GUIDs are accepted as they come.
const params = z.object({ guid: z.guid('must be a GUID').transform((guid) => guid.toLowerCase()) });

/** The inbox: lists deliveries, shows one, and applies one again. */
export function registerDeliveries(app: FastifyInstance, deps: ApiDeps): void {
  registerReading(app, deps);
  void app.register((scope: FastifyInstance, _options, registered) => {
    acceptNoBody(scope);
    registerApplyingAgain(scope, deps);
    registered();
  });
}

function registerReading(app: FastifyInstance, { db }: ApiDeps): void {
  const answerPayload = createPayloadAnswers();
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/deliveries/',
    schema: {
      tags: ['deliveries'],
      operationId: 'listDeliveries',
      summary: 'Deliveries, newest first, without their payloads',
      querystring: filters,
      response: {
        200: z.object({ deliveries: z.array(deliverySchema), next: z.string().nullable() }),
        ...errors(400, 401, 503),
      },
    },
    handler: async ({ query }) => {
      const { deliveries, next } = await listDeliveries(db, {
        limit: query.limit,
        status: query.status,
        event: query.event,
        installationId: query.installation_id,
        repositoryId: query.repository_id,
        recovered: query.recovered,
        since: query.since,
        after: query.cursor,
      });
      return { deliveries, next: next && encodeCursor(next) };
    },
  });
  app.route<{ Params: z.output<typeof params> }>({
    method: 'GET',
    url: '/api/deliveries/:guid/',
    schema: {
      tags: ['deliveries'],
      operationId: 'getDelivery',
      summary: 'One delivery, with its payload',
      params,
      response: {
        200: deliveryFields.extend({ payload: z.record(z.string(), z.unknown()) }),
        ...errors(400, 401, 404, 503),
      },
    },
    handlerTimeout: PAYLOAD_HANDLER_MS,
    handler: async (request, reply) => {
      const found = await findDeliverySize(db, request.params.guid);
      if (found === null) throw unknown(request.params.guid);
      const { requeued_at: _requeued, payload_bytes: bytes, ...delivery } = found;
      const read = async () => {
        const payload = await readPayload(db, found.guid);
        // It was deleted as expired while this waited for its turn.
        if (payload === null) throw unknown(found.guid);
        return payload;
      };
      return answerPayload(reply, delivery, { bytes, read });
    },
  });
}

function registerApplyingAgain(app: FastifyInstance, { db, client }: ApiDeps): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'POST',
    url: '/api/deliveries/:guid/',
    schema: {
      tags: ['deliveries'],
      operationId: 'applyDelivery',
      summary: 'Applies a delivery again',
      params,
      response: {
        202: startedSchema,
        ...errors(400, 401, 404, 409, 413, 503),
      },
    },
    handler: async (request, reply) => {
      const { guid } = request.params;
      const found = await findDeliveryRoute(db, guid);
      if (found === null) throw unknown(guid);
      const target = targetOf(found);
      if (target === null) {
        throw new SyncError(
          'DELIVERY_NOT_APPLICABLE',
          `${found.event} ${guid} changes nothing that is mirrored`,
        );
      }
      // Whoever gets 503 finds the delivery as it was.
      await pingTemporal(client, ASKED_CALL_MS);
      const requeued = await requeueDelivery(db, guid);
      if (requeued === 'unknown') throw unknown(guid);
      if (requeued === 'pending') {
        throw new SyncError('DELIVERY_PENDING', `the delivery ${guid} is already waiting to be applied`);
      }
      // If this wake is lost, the poller finds the delivery in the table.
      return reply
        .code(202)
        .send(await callTemporal(client, ASKED_CALL_MS, () => wake(client, target, 'webhook')));
    },
  });
}

function unknown(guid: string): SyncError {
  return new SyncError('NOT_FOUND', `there is no delivery ${guid}`);
}

function targetOf(delivery: RoutedDelivery): WakeTarget | null {
  const { event, installation_id: installationId, repository_id: repositoryId } = delivery;
  const shape = shapeOf(event);
  if (shape === undefined) return null;
  if (repositoryId !== null && shape.ofInstallation === undefined) {
    return { kind: 'repository', id: repositoryId, installationId, label: null };
  }
  if (installationId === null) return null;
  return { kind: 'installation', id: installationId, installationId, label: null };
}
