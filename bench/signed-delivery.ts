import { createHmac, randomUUID } from 'node:crypto';
import type { Delivery } from './post-deliveries.ts';

/** A delivery with a GUID of its own, signed as GitHub signs it. */
export function signedDelivery(secret: string, event: string, payload: object): Delivery {
  const body = JSON.stringify(payload);
  return {
    headers: {
      'content-type': 'application/json',
      'x-github-delivery': randomUUID(),
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  };
}

/** One that causes no work, with this many bytes beside its fields. */
export function idleDelivery(secret: string, bytes: number): Delivery {
  return signedDelivery(secret, 'star', {
    action: 'created',
    starred_at: null,
    filler: 'x'.repeat(bytes),
  });
}
