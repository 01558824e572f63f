/**
 * Entries of the delivery log. Their ids exceed JavaScript's numbers, and so may those of a payload: the JSON is written by
 * hand around them.
 */
import type { Delivery } from '../world/types.ts';
import type { Json } from '../world/context.ts';

/** OpenAPI `hook-delivery-item`, with the id as marked text: `deliveryJson` makes a number of it. */
export function deliveryItem(delivery: Delivery): Json {
  return {
    id: `@id:${delivery.id}`,
    guid: delivery.guid,
    delivered_at: new Date(delivery.deliveredAt).toISOString(),
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

/** OpenAPI `hook-delivery`, as JSON text: with the request, whose payload is the text that was sent, and the response. */
export function deliveryDetailJson(delivery: Delivery): string {
  const detail = {
    ...deliveryItem(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: '@payload' },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
  return deliveryJson(detail).replace('"@payload"', () => delivery.body);
}

/** JSON text in which the marked ids are numbers. */
export function deliveryJson(body: Json | Json[]): string {
  return JSON.stringify(body).replaceAll(/"id":"@id:(\d+)"/g, '"id":$1');
}

/** What `deliveryJson` made a text of, ids as marked text again. */
export function fromDeliveryJson(json: string): unknown {
  return JSON.parse(json.replaceAll(/"id":(\d+)/g, '"id":"@id:$1"'));
}
