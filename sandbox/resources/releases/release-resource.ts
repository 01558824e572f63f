/** Releases and their assets by GraphQL and REST, and in deliveries. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { int32 } from '../../graphql/int32.ts';
import { demand, type Reading } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { refuseBeyond } from '../../http/page-limit.ts';
import { paged } from '../../http/paging.ts';
import { event } from '../../webhooks/event.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { type Context, HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { resolve } from '../branches/push.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { defineResource } from '../resource.ts';
import { releaseActions } from './release-actions.ts';
import { assetShape, releaseShape } from './release-shape.ts';
import {
  type Asset,
  latestRelease,
  publishedReleases,
  type Release,
  type ReleaseOccurrence,
} from './release.ts';

function findRelease(repository: Repository, fits: (release: Release) => boolean): Release | undefined {
  return publishedReleases(repository).find(fits);
}

// Releases and their assets by GraphQL.

interface ReleaseArgs extends PageArgs {
  orderBy?: { field: 'CREATED_AT' | 'NAME'; direction: 'ASC' | 'DESC' } | null;
}

/** `release`, `releases` and `latestRelease` of a `Repository`. They need the contents permission. */
function releaseFields(viewer: Reading, repository: Repository): Json {
  const node = (release: Release | null | undefined) =>
    release ? releaseNode(viewer, repository, release) : null;
  const permit = () => demand(viewer, repository, 'contents');
  return {
    release: ({ tagName }: { tagName: string }) => {
      permit();
      return node(findRelease(repository, (one) => one.tagName === tagName));
    },
    latestRelease: () => {
      permit();
      return node(latestRelease(repository));
    },
    releases: (args: ReleaseArgs) => {
      permit();
      const sign = args.orderBy?.direction === 'DESC' ? -1 : 1;
      const byName = args.orderBy?.field === 'NAME';
      const compare = (a: Release, b: Release) =>
        byName ? a.tagName.localeCompare(b.tagName) : a.createdAt - b.createdAt;
      const items = publishedReleases(repository).sort((a, b) => sign * (compare(a, b) || a.id - b.id));
      return connection(args, { items, order: byPosition, node });
    },
  };
}

/** `Release`. */
function releaseNode(viewer: Reading, repository: Repository, release: Release): Json {
  const { world } = viewer.context;
  const tag = `refs/tags/${release.tagName}`;
  const path = `/${fullName(world, repository)}/releases/tag/${encodeURIComponent(release.tagName)}`;
  return {
    __typename: 'Release',
    id: nodeId('RE', release.id, repository.id),
    databaseId: int32(release.id),
    name: release.name,
    tagName: release.tagName,
    description: release.body,
    isDraft: release.draft,
    isPrerelease: release.prerelease,
    isLatest: latestRelease(repository)?.id === release.id,
    createdAt: iso(release.createdAt),
    updatedAt: iso(release.updatedAt),
    publishedAt: isoOrNull(release.publishedAt),
    url: HTML + path,
    resourcePath: path,
    author: () => actorNode(viewer, release.authorId),
    tag: () => (repository.refs.has(tag) ? viewer.show.ref(repository, tag) : null),
    tagCommit: () => {
      const commit = networkOf(world, repository).commits.get(resolve(world, repository, tag) ?? '');
      return commit ? viewer.show.commit(repository, commit) : null;
    },
    repository: () => viewer.show.repository(repository),
    releaseAssets: (args: PageArgs & { name?: string | null }) =>
      connection(args, {
        items: release.assets.filter(({ name }) => !args.name || name === args.name),
        order: byPosition,
        node: (one) => assetNode(viewer, repository, release, one),
      }),
  };
}

/** `ReleaseAsset`: without a number. */
function assetNode(viewer: Reading, repository: Repository, release: Release, shown: Asset): Json {
  const { url, browser_download_url: downloadUrl } = assetShape(viewer.context, repository, release, shown);
  return {
    __typename: 'ReleaseAsset',
    id: nodeId('RA', shown.id, repository.id),
    name: shown.name,
    contentType: shown.contentType,
    size: shown.size,
    downloadCount: shown.downloads,
    downloadUrl,
    url,
    createdAt: iso(shown.createdAt),
    updatedAt: iso(shown.updatedAt),
    uploadedBy: () => actorNode(viewer, shown.uploaderId),
    release: () => releaseNode(viewer, repository, release),
  };
}

// Releases and their assets by REST.

/** How many can be paged through; beyond them the answer is 422. Source: reports from the field. */
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

const releaseRoutes: RepositoryRoute[] = [
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

/** The event's own keys. */
function releasePayload(context: Context, occurrence: ReleaseOccurrence): Json {
  const { repository, release, changes } = occurrence;
  return { release: releaseShape(context, repository, release), ...(changes && { changes }) };
}

export const releaseResource = defineResource({
  inRepository: () => ({ releases: new Map() }),
  routes: releaseRoutes,
  actions: releaseActions,
  fields: releaseFields,
  nodes: {
    RE: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      const release = repository.releases.get(Number(id));
      return release && !release.draft ? releaseNode(viewer, repository, release) : null;
    },
  },
  events: [event(['release'], ['contents'], releasePayload)],
});
