import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findDeliverySize, readPayloadText } from '../../../db/deliveries/delivery-payload.ts';
import { withNames } from '../../../db/dashboard/with-names.ts';
import { listDeliveries } from '../../../db/deliveries/list-deliveries.ts';
import type { Sql } from '../../../db/orm.ts';
import { SyncError } from '../../../errors.ts';
import { cursorOf, encodeCursor } from '../cursor.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors, flag, githubId, pageSize } from '../../schemas.ts';
import { adviceFor } from './advice.ts';
import { deliveryDetailSchema, deliveryPageSchema, deliveryStatus, payloadSchema } from './schemas.ts';

/** As much of a payload as a page shows; `GET /api/deliveries/:guid/` has all of it. */
const SHOWN_CHARACTERS = 200_000;

const one = z.object({ guid: z.guid('must be a GUID') });
const failures = errors(400, 401, 404, 503);

const filters = z.object({
  limit: pageSize(50),
  status: deliveryStatus.optional(),
  event: z.string().max(100).optional().describe("the beginning of the event's name"),
  installation_id: githubId.optional(),
  repository_id: githubId.optional(),
  recovered: flag.optional(),
  first: z.enum(['newest', 'oldest']).optional(),
  cursor: cursorOf(z.tuple([z.number().int().min(0).max(8e15), z.guid()])).optional(),
});

/** The deliveries screens: deliveries with the names of what they concern. */
export function registerDeliveryPages(app: FastifyInstance, { db }: ApiDeps): void {
  registerDeliveryList(app, db);
  registerDelivery(app, db);
  registerPayload(app, db);
}

function registerDeliveryList(app: FastifyInstance, db: Sql): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/dashboard/deliveries/',
    schema: {
      hide: true,
      summary: 'Deliveries, newest first, with names',
      querystring: filters,
      response: { 200: deliveryPageSchema, ...failures },
    },
    handler: async ({ query }) => {
      const { deliveries, next } = await listDeliveries(db, {
        limit: query.limit,
        status: query.status,
        eventPrefix: query.event,
        installationId: query.installation_id,
        repositoryId: query.repository_id,
        recovered: query.recovered,
        first: query.first,
        after: query.cursor,
      });
      return {
        deliveries: await withNames(db, deliveries),
        next: next && encodeCursor(next),
      };
    },
  });
}

function registerDelivery(app: FastifyInstance, db: Sql): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/dashboard/deliveries/:guid/',
    schema: {
      hide: true,
      summary: 'A delivery without its payload, with advice on its error',
      params: one,
      response: { 200: deliveryDetailSchema, ...failures },
    },
    handler: async ({ params }) => {
      const found = await findDeliverySize(db, params.guid);
      const [delivery] = found === null ? [] : await withNames(db, [found]);
      if (delivery === undefined) throw new SyncError('NOT_FOUND', `there is no delivery ${params.guid}`);
      const code = delivery.error?.split(':', 1)[0] ?? null;
      return { delivery: { ...delivery, advice: adviceFor(code) } };
    },
  });
}

function registerPayload(app: FastifyInstance, db: Sql): void {
  app.withTypeProvider<ZodTypeProvider>().route({
    method: 'GET',
    url: '/api/dashboard/deliveries/:guid/payload/',
    schema: {
      hide: true,
      summary: "The beginning of a delivery's payload, indented",
      params: one,
      response: { 200: payloadSchema, ...failures },
    },
    handler: async ({ params }) => {
      const text = await readPayloadText(db, params.guid, SHOWN_CHARACTERS);
      if (text === null) throw new SyncError('NOT_FOUND', `there is no delivery ${params.guid}`);
      return { text, truncated: text.length >= SHOWN_CHARACTERS };
    },
  });
}
