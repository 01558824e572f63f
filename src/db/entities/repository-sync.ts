import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';

/** What steers the comparison of one repository with GitHub. */
export const RepositorySync = defineEntity({
  name: 'RepositorySync',
  tableName: 'repository_sync',
  properties: {
    repository: () => p.oneToOne(Repository).primary().owner().deleteRule('cascade'),
    wantedAt: p.datetime().nullable(),
    wantedMode: p.text().nullable(),
    wantedBy: p.uuid().nullable(),
    wantedRounds: p.integer().default(0),
    leaseToken: p.uuid().nullable(),
    leaseUntil: p.datetime().nullable(),
    commitWalk: p.json<{ target: string; url: string }>().nullable(),
    issuesThrough: p.datetime().nullable(),
    pullRequestsThrough: p.datetime().nullable(),
    seen: p.json<unknown>().nullable(),
    seenAt: p.datetime().nullable(),
    verifiedAt: p.datetime().nullable(),
  },
});
