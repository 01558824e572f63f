import { defineEntity, p } from '@mikro-orm/core';

/** An account that installed the App. */
export const Installation = defineEntity({
  name: 'Installation',
  tableName: 'installations',
  properties: {
    id: p.bigint('number').primary(),
    accountId: p.bigint('number'),
    accountLogin: p.text(),
    accountType: p.text(),
    repositorySelection: p.text(),
    permissions: p.json<Record<string, string>>(),
    events: p.json<string[]>(),
    suspendedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    probeSize: p.integer().default(100),
    standingAt: p.datetime().nullable(),
  },
});
