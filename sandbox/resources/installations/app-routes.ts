/** The App itself and its installations, for holders of its JWT. */
import { installationFor, installationOn } from '../../world/access.ts';
import { uninstall } from './installation.ts';
import { accountByLogin, findRepository, GHOST_ID } from '../../world/lookup.ts';
import type { Installation } from '../../world/types.ts';
import type { Call, Route } from '../../http/call.ts';
import { HttpError, notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { appShape, installationShape } from './installation-shape.ts';

/** The installation a path names. Throws HttpError 404. */
export function installationOf(call: Call): Installation {
  const installation = call.context.world.state.installations.get(Number(call.params['installation_id']));
  if (!installation) throw notFound();
  return installation;
}

function onAccount(call: Call, type: 'Organization' | 'User') {
  const account = accountByLogin(call.context.world, call.params['account'] ?? '');
  const installation = account?.type === type ? installationOn(call.context.world, account.id) : null;
  if (!installation) throw notFound();
  return { body: installationShape(call.context, installation) };
}

function onRepository(call: Call) {
  const { world, api } = call.context;
  const found = findRepository(world, `${call.params['owner']}/${call.params['repo']}`);
  if (found?.moved) {
    const url = `${api}/repositories/${found.repository.id}/installation`;
    throw new HttpError(301, 'Moved Permanently', { url }, { location: url });
  }
  return ofRepository(call, found?.repository.id);
}

function ofRepository({ context }: Call, id: number | undefined) {
  const repository = context.world.state.repositories.get(id ?? 0);
  const installation = repository && installationFor(context.world, repository);
  if (!installation) throw notFound();
  return { body: installationShape(context, installation) };
}

function list(call: Call) {
  const { context, query } = call;
  const since = Date.parse(query.get('since') ?? '') / 1000;
  const all = [...context.world.state.installations.values()].filter(
    (one) => Number.isNaN(since) || one.updatedAt >= since,
  );
  const { items, headers } = paged(call, `${context.api}/app/installations`, all);
  return { headers, body: items.map((one) => installationShape(context, one)) };
}

function remove(call: Call) {
  const { accounts } = call.context.world.state;
  const by = accounts.get(call.context.world.state.app.ownerId) ?? accounts.get(GHOST_ID);
  const installation = installationOf(call);
  if (by) uninstall(call.context.world, installation, by);
  return { status: call.version === '2026-03-10' ? 202 : 204 };
}

export const appRoutes: Route[] = [
  { method: 'GET', path: '/app', auth: 'app', handler: (call) => ({ body: appShape(call.context) }) },
  { method: 'GET', path: '/app/installations', auth: 'app', handler: list },
  {
    method: 'GET',
    path: '/app/installations/:installation_id',
    auth: 'app',
    handler: (call) => ({ body: installationShape(call.context, installationOf(call)) }),
  },
  { method: 'DELETE', path: '/app/installations/:installation_id', auth: 'app', handler: remove },
  {
    method: 'GET',
    path: '/orgs/:account/installation',
    auth: 'app',
    handler: (call) => onAccount(call, 'Organization'),
  },
  {
    method: 'GET',
    path: '/users/:account/installation',
    auth: 'app',
    handler: (call) => onAccount(call, 'User'),
  },
  { method: 'GET', path: '/repos/:owner/:repo/installation', auth: 'app', handler: onRepository },
  {
    method: 'GET',
    path: '/repositories/:repository_id/installation',
    auth: 'app',
    handler: (call) => ofRepository(call, Number(call.params['repository_id'])),
  },
];
