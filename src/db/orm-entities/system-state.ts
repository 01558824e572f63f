import { defineEntity, p } from '@mikro-orm/core';

/** A single fact of the whole system. */
export const SystemState = defineEntity({
  name: 'SystemState',
  tableName: 'system_state',
  properties: {
    name: p.text().primary(),
    value: p.json<unknown>(),
    updatedAt: p.datetime(),
  },
});
