import { defineEntity, p } from '@mikro-orm/core';
import { Installation } from './installation.ts';

/** A repository as GitHub shows it, and how its mirroring stands. */
export const Repository = defineEntity({
  name: 'Repository',
  tableName: 'repositories',
  properties: {
    id: p.bigint('number').primary(),
    nodeId: p.text(),
    installation: () => p.manyToOne(Installation).nullable().deleteRule('cascade'),
    ownerLogin: p.text(),
    name: p.text(),
    fullName: p.text(),
    private: p.boolean(),
    visibility: p.text(),
    archived: p.boolean(),
    disabled: p.boolean(),
    fork: p.boolean(),
    defaultBranch: p.text(),
    headSha: p.text().nullable(),
    description: p.text().nullable(),
    language: p.text().nullable(),
    topics: p.array(),
    stargazersCount: p.integer().default(0),
    forksCount: p.integer().default(0),
    openIssuesCount: p.integer().default(0),
    hasIssues: p.boolean().default(true),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    pushedAt: p.datetime().nullable(),
    syncStatus: p.text().default('pending'),
    syncError: p.text().nullable(),
    lastSyncedAt: p.datetime().nullable(),
    removedAt: p.datetime().nullable(),
    removedReason: p.text().nullable(),
  },
});
