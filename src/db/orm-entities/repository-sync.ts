import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';

/** What steers the comparison of one repository with GitHub. */
export const RepositorySync = defineEntity({
  name: 'RepositorySync',
  tableName: 'repository_sync',
  properties: {
    repository: () => p.oneToOne(Repository).primary().owner().deleteRule('cascade'),
    installationId: p.bigint('number').nullable(),
    wantedAt: p.datetime().nullable(),
    wantedMode: p.text().nullable(),
    wantedRounds: p.integer().default(0),
    wantedAfter: p.datetime().nullable(),
    leaseOwner: p.text().nullable(),
    leaseToken: p.uuid().nullable(),
    leaseUntil: p.datetime().nullable(),
    walks: p.json<Record<string, unknown>>(),
    issuesThrough: p.datetime().nullable(),
    pullRequestsThrough: p.datetime().nullable(),
    probed: p.json<unknown>().nullable(),
    seen: p.json<unknown>().nullable(),
    differences: p.json<Record<string, unknown>>(),
    unread: p.json<Record<string, unknown>>(),
    verifiedAt: p.datetime().nullable(),
    verified: p.json<{ compared: Record<string, number>; healed: Record<string, number> }>().nullable(),
  },
});
