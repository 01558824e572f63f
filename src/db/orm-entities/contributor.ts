import { defineEntity, p } from '@mikro-orm/core';

/** One person or bot, however many e-mail addresses. */
export const Contributor = defineEntity({
  name: 'Contributor',
  tableName: 'contributors',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    githubId: p.bigint('number').nullable().unique(),
    login: p.text().nullable(),
    name: p.text().nullable(),
    email: p.text().nullable(),
    type: p.text(),
    avatarUrl: p.text().nullable(),
    profileAt: p.datetime(),
  },
});
