import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';
import { Contributor } from './contributor.ts';

/** A pull request under its own id, not its issue's. */
export const PullRequest = defineEntity({
  name: 'PullRequest',
  tableName: 'pull_requests',
  properties: {
    id: p.bigint('number').primary(),
    repository: () => p.manyToOne(Repository).deleteRule('cascade'),
    number: p.integer(),
    title: p.text(),
    body: p.text().nullable(),
    state: p.text(),
    draft: p.boolean().default(false),
    mergedAt: p.datetime().nullable(),
    mergeCommitSha: p.text().nullable(),
    author: () => p.manyToOne(Contributor).nullable(),
    authorLogin: p.text().nullable(),
    headRef: p.text(),
    headSha: p.text(),
    baseRef: p.text(),
    labels: p.array(),
    assignees: p.array(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    closedAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
  },
});
