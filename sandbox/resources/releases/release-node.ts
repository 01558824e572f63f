/** Releases and their assets by GraphQL. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { int32 } from '../../graphql/int32.ts';
import { demand, type Reading } from '../../graphql/viewer.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { resolve } from '../branches/push.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { findRelease } from './find-release.ts';
import { assetShape } from './release-shape.ts';
import { type Asset, latestRelease, publishedReleases, type Release } from './release.ts';

interface ReleaseArgs extends PageArgs {
  orderBy?: { field: 'CREATED_AT' | 'NAME'; direction: 'ASC' | 'DESC' } | null;
}

/** `release`, `releases` and `latestRelease` of a `Repository`. They need the contents permission. */
export function releaseFields(viewer: Reading, repository: Repository): Json {
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
export function releaseNode(viewer: Reading, repository: Repository, release: Release): Json {
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
