/** Users, organisations and bots in the control API, and the deliveries about their names. */
import { z } from 'zod';
import { event } from '../../webhooks/event.ts';
import type { Context, Json } from '../../world/context.ts';
import { needAccount } from '../../world/lookup.ts';
import { action } from '../action.ts';
import { actor, by, given } from '../inputs.ts';
import { defineResource } from '../resource.ts';
import { showAccount } from '../show.ts';
import {
  addEmail,
  createAccount,
  deleteAccount,
  removeEmail,
  renameAccount,
  type TargetRenamedOccurrence,
} from './account.ts';
import { simpleUser } from './user-shape.ts';

const login = z.string();

const accountActions = {
  createAccount: action({
    about: 'Create a user, organisation, bot or mannequin.',
    example: { login: 'newcomer', name: 'New Comer', emails: ['new@example.com'] },
    input: z.object({
      login,
      type: z.enum(['User', 'Organization', 'Bot', 'Mannequin']).optional(),
      name: z.string().nullable().optional(),
      emails: z.array(z.string()).optional(),
      id: z.number().optional(),
    }),
    run: ({ world }, input) => createAccount(world, { ...given(input), login: input.login }),
    show: showAccount,
  }),
  renameAccount: action({
    about: 'Rename a user or organisation; old repository names redirect.',
    example: { login: 'octo-sandbox', to: 'octo-renamed' },
    input: z.object({ login, to: z.string(), by }),
    run: ({ world }, input) => {
      const account = needAccount(world, input.login);
      renameAccount(world, account, input.to, actor(world, input.by));
      return account;
    },
    show: showAccount,
  }),
  deleteAccount: action({
    about: 'Delete a user; what they wrote then belongs to the ghost.',
    example: { login: 'grace-sandbox' },
    input: z.object({ login }),
    run: ({ world }, input) => {
      const account = needAccount(world, input.login);
      deleteAccount(world, account);
      return account;
    },
    show: showAccount,
  }),
  addEmail: action({
    about: 'Verify an address for an account; commits made with it are linked from then on.',
    example: { login: 'hubert', email: 'hubert@work.example' },
    input: z.object({ login, email: z.string() }),
    run: ({ world }, input) => {
      const account = needAccount(world, input.login);
      addEmail(world, account, input.email);
      return account;
    },
    show: showAccount,
  }),
  removeEmail: action({
    about: 'Remove an address from an account; commits made with it lose their link.',
    example: { login: 'hubert', email: 'hubert@work.example' },
    input: z.object({ login, email: z.string() }),
    run: ({ world }, input) => {
      const account = needAccount(world, input.login);
      removeEmail(world, account, input.email);
      return account;
    },
    show: showAccount,
  }),
};

function renamedPayload(context: Context, occurrence: TargetRenamedOccurrence): Json {
  const { account, from, event } = occurrence;
  const changes = { login: { from } };
  if (event === 'organization') return { changes };
  const target = account.type === 'Organization' ? 'Organization' : 'User';
  return { account: simpleUser(context, account), changes, target_type: target };
}

export const accountResource = defineResource({
  actions: accountActions,
  events: [
    event(['organization'], ['members'], renamedPayload),
    event(['installation_target'], [], renamedPayload),
  ],
});
