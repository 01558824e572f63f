import { defineEntity, p } from '@mikro-orm/core';

/** What remains of an installation's rate limit at GitHub, and until when it must not be used. */
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
