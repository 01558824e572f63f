import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';

/** An id met in a full reading of a list. */
export const ListedId = defineEntity({
  name: 'ListedId',
  tableName: 'listed_ids',
  properties: {
    repository: () => p.manyToOne(Repository).primary().deleteRule('cascade'),
    list: p.text().primary(),
    id: p.bigint('number').primary(),
  },
});
