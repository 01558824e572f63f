import { defineEntity, p } from '@mikro-orm/core';

/** What is left of an installation's budget at GitHub, and until when it must not be asked. */
export const RateLimit = defineEntity({
  name: 'RateLimit',
  tableName: 'rate_limits',
  properties: {
    installationId: p.bigint('number').primary(),
    resource: p.text().primary(),
    limit: p.integer().nullable(),
    remaining: p.integer().nullable(),
    resetsAt: p.datetime().nullable(),
    blockedUntil: p.datetime().nullable(),
    blockedCode: p.text().nullable(),
    updatedAt: p.datetime(),
  },
});
