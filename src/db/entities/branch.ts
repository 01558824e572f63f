import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';

/** A branch, kept with its last head when deleted. */
export const Branch = defineEntity({
  name: 'Branch',
  tableName: 'branches',
  properties: {
    repository: () => p.manyToOne(Repository).primary().deleteRule('cascade'),
    name: p.text().primary(),
    headSha: p.text(),
    protected: p.boolean().default(false),
    deletedAt: p.datetime().nullable(),
  },
});
