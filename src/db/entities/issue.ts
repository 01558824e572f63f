import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';
import { Contributor } from './contributor.ts';

/** An issue (never a pull request); live while `deletedAt` is null. */
export const Issue = defineEntity({
  name: 'Issue',
  tableName: 'issues',
  properties: {
    id: p.bigint('number').primary(),
    repository: () => p.manyToOne(Repository).deleteRule('cascade'),
    number: p.integer(),
    title: p.text(),
    body: p.text().nullable(),
    state: p.text(),
    stateReason: p.text().nullable(),
    author: () => p.manyToOne(Contributor).nullable(),
    authorLogin: p.text().nullable(),
    labels: p.array(),
    assignees: p.array(),
    commentsCount: p.integer().default(0),
    locked: p.boolean().default(false),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    closedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
    deletedReason: p.text().nullable(),
  },
});
