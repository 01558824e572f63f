import { defineEntity, p } from '@mikro-orm/core';

/** A delivery from GitHub, durable before it is answered. */
export const WebhookDelivery = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  properties: {
    guid: p.uuid().primary(),
    event: p.text(),
    action: p.text().nullable(),
    installationId: p.bigint('number').nullable(),
    repositoryId: p.bigint('number').nullable(),
    receivedAt: p.datetime(),
    processedAt: p.datetime().nullable(),
    status: p.text().default('pending'),
    attempts: p.integer().default(0),
    error: p.text().nullable(),
    payload: p.json<unknown>(),
    recovered: p.boolean().default(false),
    failures: p.integer().default(0),
    retryAt: p.datetime().nullable(),
    triedAt: p.datetime().nullable(),
    requeuedAt: p.datetime().nullable(),
  },
});
