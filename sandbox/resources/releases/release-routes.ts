/** Releases and their assets by REST. */
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { refuseBeyond } from '../../http/page-limit.ts';
import { paged } from '../../http/paging.ts';
import { findRelease } from './find-release.ts';
import { assetShape, releaseShape } from './release-shape.ts';
import { latestRelease, publishedReleases, type Release } from './release.ts';

/** So many can be paged through, then the answer is 422. Source: reports from the field. */
const WALKABLE = 10_000;

/** Without drafts, which only those who may write see. */
function list(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  refuseBeyond(call, WALKABLE, `Only the first ${WALKABLE} results are available.`);
  const { items, headers } = paged(call, base, publishedReleases(repository));
  return { headers, body: items.map((one) => releaseShape(context, repository, one)) };
}

function answer({ context, repository }: RepositoryCall, release: Release | null | undefined): Answer {
  if (!release) throw notFound();
  return { body: releaseShape(context, repository, release) };
}

function asset({ context, repository, params }: RepositoryCall): Answer {
  for (const release of publishedReleases(repository)) {
    const found = release.assets.find(({ id }) => id === Number(params['id']));
    if (found) return { body: assetShape(context, repository, release, found) };
  }
  throw notFound();
}

function assets(call: RepositoryCall): Answer {
  const { context, repository, params, base } = call;
  const release = findRelease(repository, ({ id }) => id === Number(params['id']));
  if (!release) throw notFound();
  const { items, headers } = paged(call, base, release.assets);
  return { headers, body: items.map((one) => assetShape(context, repository, release, one)) };
}

const permission = 'contents' as const;

export const releaseRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/releases', permission, handler: list },
  {
    method: 'GET',
    path: '/releases/latest',
    permission,
    handler: (call) => answer(call, latestRelease(call.repository)),
  },
  {
    method: 'GET',
    path: '/releases/tags/*',
    permission,
    handler: (call) =>
      answer(
        call,
        findRelease(call.repository, ({ tagName }) => tagName === call.params['*']),
      ),
  },
  { method: 'GET', path: '/releases/assets/:id', permission, handler: asset },
  {
    method: 'GET',
    path: '/releases/:id',
    permission,
    handler: (call) =>
      answer(
        call,
        findRelease(call.repository, ({ id }) => id === Number(call.params['id'])),
      ),
  },
  { method: 'GET', path: '/releases/:id/assets', permission, handler: assets },
];
