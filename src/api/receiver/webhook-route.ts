import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readDelivery, type DeliveryRoute } from '../../deliveries/read-delivery.ts';
import { SyncError } from '../../errors.ts';
import type { Metrics } from '../metrics.ts';
import { errorBody } from '../schemas.ts';
import type { DeliveryWriter } from './delivery-writer.ts';
import { payloadText } from './payload-text.ts';
import { isSignedBy } from './signature.ts';

/** GitHub never sends more: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
export const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface ReceiverDeps {
  secrets: readonly string[];
  writer: DeliveryWriter;
  /** called after the commit, never awaited */
  wake: (route: DeliveryRoute) => void;
  metrics: Metrics;
}

/** `POST /api/github/webhook/`: verify, make durable, answer; the work follows elsewhere. */
export function registerWebhook(app: FastifyInstance, deps: ReceiverDeps): void {
  void app.register((scope: FastifyInstance, _options, done) => {
    // The signature is over the bytes as sent, so nothing may parse them before.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MAX_DELIVERY_BYTES },
      (_request, body, parsed) => parsed(null, body),
    );
    scope.withTypeProvider<ZodTypeProvider>().route({
      method: 'POST',
      url: '/api/github/webhook/',
      config: { door: 'open' },
      bodyLimit: MAX_DELIVERY_BYTES,
      schema: {
        tags: ['webhooks'],
        summary: 'Receives a delivery of the GitHub App',
        description:
          'Signed by `X-Hub-Signature-256`. Answers once the delivery is durable; a repeated GUID has no further effect.',
        response: {
          200: z.object({ status: z.literal('pong') }),
          202: z.object({ status: z.enum(['accepted', 'ignored', 'duplicate']), guid: z.string() }),
          400: errorBody,
          401: errorBody,
          413: errorBody,
          503: errorBody,
        },
      },
      handler: async (request, reply) => {
        const answer = await receive(request, deps).catch((error: unknown) => {
          deps.metrics.countWebhook(header(request, 'x-github-event') ?? '', 'rejected');
          throw error;
        });
        return answer === null
          ? reply.code(200).send({ status: 'pong' as const })
          : reply.code(202).send(answer);
      },
    });
    done();
  });
}

/** Null for a ping. */
async function receive(
  request: FastifyRequest,
  { secrets, writer, wake, metrics }: ReceiverDeps,
): Promise<{ status: 'accepted' | 'ignored' | 'duplicate'; guid: string } | null> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (!isSignedBy(secrets, body, header(request, 'x-hub-signature-256'))) {
    throw new SyncError('SIGNATURE_INVALID', 'X-Hub-Signature-256 is missing or does not fit the body');
  }
  const event = header(request, 'x-github-event');
  const guid = header(request, 'x-github-delivery');
  if (!event) throw new SyncError('BAD_REQUEST', 'X-GitHub-Event is missing');
  if (!guid || !uuid.test(guid)) throw new SyncError('BAD_REQUEST', 'X-GitHub-Delivery is not a UUID');
  const text = payloadText(body, request.headers['content-type']);
  if (text === null) throw new SyncError('BAD_REQUEST', 'the form has no field "payload"');
  const { delivery, route } = readDelivery({ guid, event, text });
  if (event === 'ping') {
    metrics.countWebhook(event, 'ping');
    return null;
  }
  const isNew = await writer.write(delivery);
  const status = isNew ? (delivery.status === 'pending' ? 'accepted' : 'ignored') : 'duplicate';
  metrics.countWebhook(event, status);
  request.log.info(
    { guid: delivery.guid, event, action: delivery.action, repositoryId: delivery.repositoryId, status },
    'delivery received',
  );
  if (isNew && route !== null) wake(route);
  return { status, guid: delivery.guid };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
