import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';

/**
 * The state that controls the comparison of one repository with GitHub. Columns that keep their original names,
 * for older processes, have other names here.
 */
export const RepositorySync = defineEntity({
  name: 'RepositorySync',
  tableName: 'repository_sync',
  properties: {
    repository: () => p.oneToOne(Repository).primary().owner().deleteRule('cascade'),
    installationId: p.bigint('number').nullable(),
    queuedAt: p.datetime().nullable().fieldName('wanted_at'),
    queuedMode: p.text().nullable().fieldName('wanted_mode'),
    attempts: p.integer().default(0).fieldName('wanted_rounds'),
    notBefore: p.datetime().nullable().fieldName('wanted_after'),
    leaseOwner: p.text().nullable(),
    leaseToken: p.uuid().nullable(),
    leaseUntil: p.datetime().nullable(),
    checkpoints: p.json<Record<string, unknown>>().fieldName('walks'),
    issuesThrough: p.datetime().nullable(),
    pullRequestsThrough: p.datetime().nullable(),
    latestProbe: p.json<unknown>().nullable().fieldName('probed'),
    appliedProbe: p.json<unknown>().nullable().fieldName('seen'),
    differences: p.json<Record<string, unknown>>(),
    unread: p.json<Record<string, unknown>>(),
    verifiedAt: p.datetime().nullable(),
    verified: p.json<{ compared: Record<string, number>; healed: Record<string, number> }>().nullable(),
  },
});
