import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readDelivery, type DeliveryRoute } from '../../deliveries/read-delivery.ts';
import { SyncError } from '../../errors.ts';
import type { Metrics } from '../metrics.ts';
import { errors } from '../schemas.ts';
import type { DeliveryWriter } from './delivery-writer.ts';
import { freeBuffers, joinBuffers } from './free-buffers.ts';
import { leaveUnread } from './leave-unread.ts';
import { payloadJson } from './payload-json.ts';
import { createBodyReceiver, MAX_DELIVERY_BYTES, type ReceivedBody } from './receive-body.ts';
import { isSignature, isSignedBy } from './signature.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface ReceiverDeps {
  secrets: readonly string[];
  writer: DeliveryWriter;
  /** called after the commit, never awaited */
  wake: (route: DeliveryRoute) => void;
  metrics: Metrics;
}

/** `POST /api/github/webhook/`: verify, make durable, answer; everything else happens elsewhere. */
export function registerWebhook(app: FastifyInstance, deps: ReceiverDeps): void {
  const receiveBody = createBodyReceiver();
  void app.register((scope: FastifyInstance, _options, done) => {
    // The signature covers the raw bytes, so nothing may parse them first.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request: FastifyRequest, stream: IncomingMessage) =>
      receiveBody(stream),
    );
    scope.withTypeProvider<ZodTypeProvider>().route({
      method: 'POST',
      url: '/api/github/webhook/',
      // Its bytes arrive within 10 s (`httpLimits`), and are durable within 16 s more (`createDeliveryWriter`).
      config: { access: 'public', isBounded: true },
      bodyLimit: MAX_DELIVERY_BYTES,
      // Before any of the body is read: an unread body costs no memory.
      onRequest: (request, _reply, next) => next(refusalOf(request) ?? undefined),
      onError: (request, reply, _error, next) => {
        if (!request.raw.complete) leaveUnread(request, reply);
        deps.metrics.countWebhook(header(request, 'x-github-event') ?? '', 'rejected');
        next();
      },
      schema: {
        tags: ['webhooks'],
        operationId: 'receiveDelivery',
        summary: 'Receives a delivery of the GitHub App',
        description:
          'Signed by `X-Hub-Signature-256`. Answers once the delivery is durable; a repeated GUID has no further effect.',
        response: {
          200: z.object({ status: z.literal('pong') }),
          202: z.object({ status: z.enum(['accepted', 'ignored', 'duplicate']), guid: z.string() }),
          ...errors(400, 401, 413, 503),
        },
      },
      handler: async (request, reply) => {
        const body = isReceivedBody(request.body) ? request.body : null;
        const answer = await receive(request, body, deps).finally(() => body?.close());
        return answer === null
          ? reply.code(200).send({ status: 'pong' as const })
          : reply.code(202).send(answer);
      },
    });
    done();
  });
}

/** What the headers alone rule out. */
function refusalOf(request: FastifyRequest): SyncError | null {
  if (!isSignature(header(request, 'x-hub-signature-256'))) {
    return new SyncError('SIGNATURE_INVALID', 'X-Hub-Signature-256 is missing or not a signature');
  }
  if (!header(request, 'x-github-event')) return new SyncError('BAD_REQUEST', 'X-GitHub-Event is missing');
  if (!uuid.test(header(request, 'x-github-delivery') ?? '')) {
    return new SyncError('BAD_REQUEST', 'X-GitHub-Delivery is not a UUID');
  }
  if (Number(header(request, 'content-length') ?? 0) > MAX_DELIVERY_BYTES) {
    return new SyncError('PAYLOAD_TOO_LARGE', 'the body is too large');
  }
  return null;
}

function isReceivedBody(body: unknown): body is ReceivedBody {
  return typeof body === 'object' && body !== null && 'chunks' in body && 'close' in body;
}

/** Null for a ping. */
async function receive(
  request: FastifyRequest,
  received: ReceivedBody | null,
  { secrets, writer, wake, metrics }: ReceiverDeps,
): Promise<{ status: 'accepted' | 'ignored' | 'duplicate'; guid: string } | null> {
  const chunks = received?.chunks ?? [];
  if (!isSignedBy(secrets, chunks, header(request, 'x-hub-signature-256'))) {
    throw new SyncError('SIGNATURE_INVALID', 'X-Hub-Signature-256 does not match the body');
  }
  received?.keep();
  const event = header(request, 'x-github-event') ?? '';
  const guid = header(request, 'x-github-delivery') ?? '';
  const body = joinBuffers(chunks);
  freeBuffers(chunks);
  const json = payloadJson(body, request.headers['content-type']);
  if (json === null) throw new SyncError('BAD_REQUEST', 'the form has no field "payload"');
  const { delivery, route } = readDelivery({ guid, event, json });
  if (event === 'ping') {
    metrics.countWebhook(event, 'ping');
    return null;
  }
  const isNew = await writer.write(delivery);
  // Only now: until it is stored it may have to be sent again.
  freeBuffers([body, json, delivery.payload]);
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
