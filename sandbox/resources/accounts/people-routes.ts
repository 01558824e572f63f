/** Users and the repositories of accounts. */
import { accountByLogin } from '../../world/lookup.ts';
import type { Account } from '../../world/types.ts';
import type { Answer, Call, Route } from '../../http/call.ts';
import { HttpError, notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { mayRead } from '../../http/mount-repository-route.ts';
import { listedRepository } from '../repositories/repository-shape.ts';
import { publicUser } from './user-shape.ts';

function live(account: Account | null | undefined): Account {
  if (!account || account.deleted) throw notFound();
  return account;
}

function repositories(call: Call): Answer {
  const { context, params, path } = call;
  const owner = live(accountByLogin(context.world, params['account'] ?? ''));
  const all = [...context.world.state.repositories.values()].filter(
    (one) => one.ownerId === owner.id && mayRead(call, one),
  );
  const { items, headers } = paged(call, `${context.api}${path}`, all);
  return { headers, body: items.map((one) => listedRepository(context, one)) };
}

export const peopleRoutes: Route[] = [
  {
    method: 'GET',
    path: '/users/:account',
    auth: 'any',
    handler: ({ context, params }) => ({
      body: publicUser(context, live(accountByLogin(context.world, params['account'] ?? ''))),
    }),
  },
  {
    method: 'GET',
    path: '/user/:account_id',
    auth: 'any',
    handler: ({ context, params }) => ({
      body: publicUser(context, live(context.world.state.accounts.get(Number(params['account_id'])))),
    }),
  },
  {
    method: 'GET',
    path: '/user',
    auth: 'any',
    handler: ({ caller }) => {
      if (caller.kind === 'nobody') throw new HttpError(401, 'Requires authentication');
      throw new HttpError(403, 'Resource not accessible by integration');
    },
  },
  { method: 'GET', path: '/users/:account/repos', auth: 'any', handler: repositories },
  { method: 'GET', path: '/orgs/:account/repos', auth: 'any', handler: repositories },
];
