import { defineEntity, p } from '@mikro-orm/core';
import { Contributor } from './contributor.ts';

/** An address that belongs to a contributor, in lower case. */
export const ContributorEmail = defineEntity({
  name: 'ContributorEmail',
  tableName: 'contributor_emails',
  properties: {
    email: p.text().primary(),
    contributor: () => p.manyToOne(Contributor).deleteRule('cascade'),
  },
});
