import { defineEntity, p } from '@mikro-orm/core';
import { Repository } from './repository.ts';
import { Contributor } from './contributor.ts';

/** A commit of the default branch; live while `orphanedAt` is null. */
export const Commit = defineEntity({
  name: 'Commit',
  tableName: 'commits',
  properties: {
    repository: () => p.manyToOne(Repository).primary().deleteRule('cascade'),
    sha: p.text().primary(),
    message: p.text(),
    authorName: p.text().nullable(),
    authorEmail: p.text().nullable(),
    author: () => p.manyToOne(Contributor).nullable(),
    committerName: p.text().nullable(),
    committerEmail: p.text().nullable(),
    authoredAt: p.datetime().nullable(),
    committedAt: p.datetime().nullable(),
    parents: p.array(),
    orphanedAt: p.datetime().nullable(),
  },
});
