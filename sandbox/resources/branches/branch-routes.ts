/** Branches and Git refs. */
import { branchesOf, HEADS } from './branch.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Ref } from '../../world/types.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { commitDetail } from '../commits/commit-shape.ts';
import { HTML, type Json } from '../../world/context.ts';
import { emptyRepository } from '../commits/commit-routes.ts';

function apiOf({ context, repository }: RepositoryCall): string {
  return `${context.api}/repos/${fullName(context.world, repository)}`;
}

function protection(call: RepositoryCall, name: string, guarded: boolean): Json {
  return {
    protected: guarded,
    protection: {
      enabled: guarded,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${apiOf(call)}/branches/${encodeURIComponent(name)}/protection`,
  };
}

function list(call: RepositoryCall): Answer {
  const only = call.query.get('protected');
  const all = branchesOf(call.repository).filter(
    (branch) => only === null || String(branch.protected) === only,
  );
  const { items, headers } = paged(call, call.base, all);
  const body = items.map(({ name, sha, protected: guarded }) => ({
    name,
    commit: { sha, url: `${apiOf(call)}/commits/${sha}` },
    ...protection(call, name, guarded),
  }));
  return { headers, body };
}

function get(call: RepositoryCall): Answer {
  const { context, repository, params } = call;
  const name = params['*'] ?? '';
  const ref = repository.refs.get(HEADS + name);
  const commit = ref && networkOf(context.world, repository).commits.get(ref.sha);
  if (!commit) throw notFound();
  const full = fullName(context.world, repository);
  return {
    body: {
      name,
      commit: commitDetail(context, repository, commit),
      _links: {
        self: `${apiOf(call)}/branches/${encodeURIComponent(name)}`,
        html: `${HTML}/${full}/tree/${encodeURIComponent(name)}`,
      },
      ...protection(call, name, ref.protected),
    },
  };
}

function refShape(call: RepositoryCall, name: string, { sha }: Ref): Json {
  const type = networkOf(call.context.world, call.repository).tags.has(sha) ? 'tag' : 'commit';
  return {
    ref: name,
    node_id: nodeId('REF', name, call.repository.id),
    url: `${apiOf(call)}/git/${name}`,
    object: { sha, type, url: `${apiOf(call)}/git/${type}s/${sha}` },
  };
}

function ref(call: RepositoryCall): Answer {
  if (call.repository.refs.size === 0) throw emptyRepository();
  const name = `refs/${call.params['*'] ?? ''}`;
  const found = call.repository.refs.get(name);
  if (!found) throw notFound();
  return { body: refShape(call, name, found) };
}

function matching(call: RepositoryCall): Answer {
  if (call.repository.refs.size === 0) throw emptyRepository();
  const prefix = `refs/${call.params['*'] ?? ''}`;
  const all = [...call.repository.refs]
    .filter(([name]) => name.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { items, headers } = paged(call, call.base, all);
  return { headers, body: items.map(([name, one]) => refShape(call, name, one)) };
}

export const branchRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/branches', permission: 'contents', handler: list },
  { method: 'GET', path: '/branches/*', permission: 'contents', handler: get },
  { method: 'GET', path: '/git/ref/*', permission: 'contents', handler: ref },
  { method: 'GET', path: '/git/matching-refs/*', permission: 'contents', handler: matching },
];
