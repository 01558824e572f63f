/** Tags: annotated ones are Git objects of their own between a ref and its commit. They are set with `pushTags` of branches. */
import { type Reading, demand } from '../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../http/call.ts';
import { notFound } from '../http/http-error.ts';
import { paged } from '../http/paging.ts';
import { iso } from '../world/clock.ts';
import { HTML, type Json } from '../world/context.ts';
import { fullName, networkOf } from '../world/lookup.ts';
import { nodeId } from '../world/node-id.ts';
import type { Network, Repository, Signature } from '../world/types.ts';
import { encodePerson, sha1 } from './commits/commit.ts';
import { gitActor } from './commits/git-actor-node.ts';
import { defineResource } from './resource.ts';

declare module '../world/types.ts' {
  interface Network {
    /** Annotated tags by the sha of the tag object. */
    tags: Map<string, TagObject>;
  }
}

/** Immutable; its sha is the SHA-1 of Git's own encoding. */
export interface TagObject {
  sha: string;
  /** The commit, or the other tag object, that it points to. */
  target: string;
  name: string;
  tagger: Signature | null;
  message: string;
}

/** Adds a tag object to the network and returns it. */
export function addTagObject(network: Network, input: Omit<TagObject, 'sha'>): TagObject {
  const { target, name, tagger, message } = input;
  const lines = [`object ${target}`, `type ${typeOf(network, target)}`, `tag ${name}`];
  if (tagger) lines.push(`tagger${encodePerson(tagger)}`);
  const body = [...lines, '', message].join('\n');
  const tag = { ...input, sha: sha1(`tag ${Buffer.byteLength(body)}\0${body}`) };
  network.tags.set(tag.sha, tag);
  return tag;
}

/** The commit behind a sha: itself, or what the tag object with that sha finally points to. */
export function peel(network: Network, sha: string): string {
  const tag = network.tags.get(sha);
  return tag ? peel(network, tag.target) : sha;
}

function typeOf(network: Network, sha: string): 'tag' | 'commit' {
  return network.tags.has(sha) ? 'tag' : 'commit';
}

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
      node_id: nodeId('REF', ref, repository.id),
    };
  });
  return { headers, body };
}

/** OpenAPI `git-tag`: the object of an annotated tag. */
function getObject({ context, repository, params }: RepositoryCall): Answer {
  const network = networkOf(context.world, repository);
  const tag = network.tags.get(params['sha'] ?? '');
  if (!tag) throw notFound();
  const api = `${context.api}/repos/${fullName(context.world, repository)}/git`;
  const { sha, name, message, target, tagger } = tag;
  const type = typeOf(network, target);
  return {
    body: {
      node_id: nodeId('TA', sha, repository.id),
      sha,
      url: `${api}/tags/${sha}`,
      tagger: { name: tagger?.name ?? '', email: tagger?.email ?? '', date: iso(tagger?.date ?? 0) },
      object: { sha: target, type, url: `${api}/${type}s/${target}` },
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

const tagRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/tags', permission: 'contents', handler: list },
  { method: 'GET', path: '/git/tags/:sha', permission: 'contents', handler: getObject },
];

/** `Tag`. */
export function tagNode(viewer: Reading, repository: Repository, tag: TagObject): Json {
  const { world } = viewer.context;
  const network = networkOf(world, repository);
  const inner = network.tags.get(tag.target);
  const commit = network.commits.get(tag.target);
  const path = `/${fullName(world, repository)}/commit/${peel(network, tag.target)}`;
  return {
    __typename: 'Tag',
    id: nodeId('TA', tag.sha, repository.id),
    oid: tag.sha,
    abbreviatedOid: tag.sha.slice(0, 7),
    name: tag.name,
    message: tag.message,
    commitUrl: HTML + path,
    commitResourcePath: path,
    tagger: () => gitActor(viewer, tag.tagger),
    target: () =>
      inner ? tagNode(viewer, repository, inner) : commit && viewer.show.commit(repository, commit),
    repository: () => viewer.show.repository(repository),
  };
}

export const tagResource = defineResource({
  routes: tagRoutes,
  actions: {},
  nodes: {
    TA: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      const tag = networkOf(viewer.context.world, repository).tags.get(String(id));
      return tag ? tagNode(viewer, repository, tag) : null;
    },
  },
});
