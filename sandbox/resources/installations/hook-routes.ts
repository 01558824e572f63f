/** The App's webhook and its delivery log. */
import { linkHeader, pageRequest } from '../../http/paging.ts';
import type { Answer, Call, Route } from '../../http/call.ts';
import { HttpError, notFound } from '../../http/http-error.ts';
import type { Hooks } from '../../webhooks/hooks.ts';
import { findDelivery, logged } from '../../webhooks/log.ts';
import { deliveryDetailJson, deliveryItem, deliveryJson } from '../../webhooks/delivery-shape.ts';
import type { Delivery, GitHubApp } from '../../world/types.ts';

function config({ hook }: GitHubApp): Answer {
  const secret = hook.secret === null ? {} : { secret: '********' };
  return {
    body: {
      content_type: hook.contentType,
      insecure_ssl: '0',
      ...(hook.url && { url: hook.url }),
      ...secret,
    },
  };
}

function change({ context, body }: Call): Answer {
  const { app } = context.world.state;
  if (typeof body['url'] === 'string') app.hook.url = body['url'];
  if (typeof body['secret'] === 'string') app.hook.secret = body['secret'];
  const type = body['content_type'];
  if (type === 'json' || type === 'form') app.hook.contentType = type;
  return config(app);
}

/** `failure` is 400 to 599 only: attempts without an HTTP answer fall outside both. Source: OpenAPI. */
function byStatus(status: string | null): (delivery: Delivery) => boolean {
  if (status === null) return () => true;
  if (status === 'success') return ({ statusCode }) => statusCode >= 200 && statusCode < 400;
  if (status === 'failure') return ({ statusCode }) => statusCode >= 400 && statusCode < 600;
  throw new HttpError(422, 'Validation Failed', { errors: ['invalid status'] });
}

function list({ context, query }: Call): Answer {
  const { perPage } = pageRequest(query);
  const all = logged(context.world).filter(byStatus(query.get('status')));
  const cursor = /^v1_(\d+)$/.exec(query.get('cursor') ?? '')?.[1];
  if (query.has('cursor') && cursor === undefined) throw new HttpError(400, 'Invalid cursor');
  const rest = cursor === undefined ? all : all.filter(({ id }) => BigInt(id) < BigInt(cursor));
  const items = rest.slice(0, perPage);
  const last = items.at(-1);
  const more = last !== undefined && rest.length > perPage;
  return {
    json: deliveryJson(items.map(deliveryItem)),
    headers: linkHeader(
      `${context.api}/app/hook/deliveries`,
      query,
      more ? [['next', { cursor: `v1_${last.id}` }]] : [],
    ),
  };
}

function deliveryOf({ context, params }: Call): Delivery {
  const delivery = findDelivery(context.world, params['delivery_id'] ?? '');
  if (!delivery) throw notFound();
  return delivery;
}

/** The App's hook endpoints; redelivery goes through `hooks`. */
export function hookRoutes(hooks: Hooks): Route[] {
  const auth = 'app' as const;
  return [
    {
      method: 'GET',
      path: '/app/hook/config',
      auth,
      handler: (call) => config(call.context.world.state.app),
    },
    { method: 'PATCH', path: '/app/hook/config', auth, handler: change },
    { method: 'GET', path: '/app/hook/deliveries', auth, handler: list },
    {
      method: 'GET',
      path: '/app/hook/deliveries/:delivery_id',
      auth,
      handler: (call) => ({ json: deliveryDetailJson(deliveryOf(call)) }),
    },
    {
      method: 'POST',
      path: '/app/hook/deliveries/:delivery_id/attempts',
      auth,
      handler: (call) => {
        hooks.redeliver(deliveryOf(call));
        return { status: 202, body: {} };
      },
    },
  ];
}
