/** Tags by REST. Control: `pushTags`. */
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { iso } from '../../world/clock.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import { peel } from './tag-object.ts';

const TAGS = 'refs/tags/';

/** In reverse alphabetical order, with the commits behind annotated ones, without dates. Source: reports from the field. */
function list(call: RepositoryCall): Answer {
  const { context, repository, base } = call;
  const network = networkOf(context.world, repository);
  const api = `${context.api}/repos/${fullName(context.world, repository)}`;
  const refs = [...repository.refs].filter(([ref]) => ref.startsWith(TAGS));
  refs.sort(([a], [b]) => (a > b ? -1 : 1));
  const { items, headers } = paged(call, base, refs);
  const body = items.map(([ref, { sha }]) => {
    const commit = peel(network, sha);
    return {
      name: ref.slice(TAGS.length),
      zipball_url: `${api}/zipball/${ref}`,
      tarball_url: `${api}/tarball/${ref}`,
      commit: { sha: commit, url: `${api}/commits/${commit}` },
      node_id: nodeId('ref', ref, repository.id),
    };
  });
  return { headers, body };
}

/** OpenAPI `git-tag`: the object of an annotated tag. */
function getObject({ context, repository, params }: RepositoryCall): Answer {
  const tag = networkOf(context.world, repository).tags.get(params['sha'] ?? '');
  if (!tag) throw notFound();
  const api = `${context.api}/repos/${fullName(context.world, repository)}/git`;
  const { sha, name, message, target, tagger } = tag;
  return {
    body: {
      node_id: nodeId('tag', sha, repository.id),
      sha,
      url: `${api}/tags/${sha}`,
      tagger: { name: tagger?.name ?? '', email: tagger?.email ?? '', date: iso(tagger?.date ?? 0) },
      object: { sha: target, type: 'commit', url: `${api}/commits/${target}` },
      tag: name,
      message,
      verification: {
        verified: false,
        reason: 'unsigned',
        signature: null,
        payload: null,
        verified_at: null,
      },
    },
  };
}

export const tagRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/tags', permission: 'contents', handler: list },
  { method: 'GET', path: '/git/tags/:sha', permission: 'contents', handler: getObject },
];
