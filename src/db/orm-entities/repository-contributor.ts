import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';
import { Contributor } from './contributor.ts';

/** A contributor's share of the live commits of one repository. */
export const RepositoryContributor = defineEntity({
  name: 'RepositoryContributor',
  tableName: 'repository_contributors',
  properties: {
    repository: () => p.manyToOne(Repository).primary().deleteRule('cascade'),
    contributor: () => p.manyToOne(Contributor).primary().deleteRule('cascade'),
    commitsCount: p.integer(),
    firstCommitAt: p.datetime().nullable(),
    lastCommitAt: p.datetime().nullable(),
  },
});
