/** Finding the repository a request is about, under its name and under its id, and checking that the caller may read it. */
import { covers } from '../world/access.ts';
import { findRepository } from '../world/lookup.ts';
import type { Repository } from '../world/types.ts';
import type { Answer, Call, RepositoryRoute, Route } from './call.ts';
import { HttpError, notFound } from './http-error.ts';

/** The two routes that serve a repository's resource. */
export function mountRepositoryRoute(route: RepositoryRoute): Route[] {
  const handler = (call: Call): Answer => {
    const repository = locate(call, route);
    permit(call, repository, route.permission);
    return route.handler({ ...call, repository, base: baseOf(call, repository) });
  };
  const { method, path } = route;
  return [
    { method, path: `/repos/:owner/:repo${path}`, auth: 'any', handler },
    { method, path: `/repositories/:repository_id${path}`, auth: 'any', handler },
  ];
}

/** The present path in id form: what Link headers contain. */
function baseOf(call: Call, repository: Repository): string {
  const rest = call.path.replace(/^\/(?:repos\/[^/]+\/[^/]+|repositories\/[^/]+)/, '');
  return `${call.context.api}/repositories/${repository.id}${rest}`;
}

function locate(call: Call, route: RepositoryRoute): Repository {
  const { world } = call.context;
  const { owner, repo, repository_id: id } = call.params;
  if (id !== undefined) {
    const repository = world.state.repositories.get(Number(id));
    if (!repository || !mayRead(call, repository)) throw notFound();
    return repository;
  }
  const found = findRepository(world, `${owner}/${repo}`);
  if (!found || !mayRead(call, found.repository)) throw notFound();
  if (found.moved) {
    const url = baseOf(call, found.repository);
    const query = call.query.toString();
    const target = query ? `${url}?${query}` : url;
    const status = route.method === 'GET' ? 301 : 307;
    throw new HttpError(
      status,
      status === 301 ? 'Moved Permanently' : 'Temporary Redirect',
      { url: target },
      { location: target },
    );
  }
  return found.repository;
}

/** Covered repositories, and public ones of anybody. A narrowed token sees only its own private ones. */
export function mayRead(call: Call, repository: Repository): boolean {
  const { caller } = call;
  if (repository.visibility === 'public') return true;
  if (caller.kind !== 'installation' || !covers(caller.installation, repository)) return false;
  const narrowed = caller.token.repositoryIds;
  return narrowed === null || narrowed.includes(repository.id);
}

/** Blocked repositories and missing permissions. Throws HttpError. */
function permit(call: Call, repository: Repository, needed: RepositoryRoute['permission']): void {
  refuseBlocked(repository);
  const { caller } = call;
  if (caller.kind !== 'installation' || needed === 'metadata') return;
  if (!covers(caller.installation, repository)) return;
  const kinds = needed === 'issues_or_pulls' ? ['issues', 'pull_requests'] : [needed];
  if (kinds.some((kind) => allowed(caller, kind))) return;
  throw new HttpError(
    403,
    'Resource not accessible by integration',
    {},
    {
      'x-accepted-github-permissions': kinds.map((kind) => `${kind}=read`).join('; '),
    },
  );
}

/** Both what the token was minted with and what the installation has now must allow it. */
function allowed(caller: Extract<Call['caller'], { kind: 'installation' }>, kind: string): boolean {
  return caller.token.permissions[kind] !== undefined && caller.installation.permissions[kind] !== undefined;
}

function refuseBlocked({ block }: Repository): void {
  if (!block) return;
  const created = `${new Date(block.createdAt * 1000).toISOString().slice(0, 19)}Z`;
  throw new HttpError(block.reason === 'dmca' ? 451 : 403, 'Repository access blocked', {
    block: {
      reason: block.reason,
      created_at: created,
      html_url: `https://github.com/github/${block.reason}/blob/master/notice.md`,
    },
  });
}
