import { iso, isoOrNull } from '../../world/clock.ts';
import { type Context, HTML, type Json } from '../../world/context.ts';
import { fullName, needAccount, shownAccount } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { simpleUser } from '../accounts/user-shape.ts';
import { sha1 } from '../commits/commit.ts';
import type { Asset, Release } from './release.ts';

/** OpenAPI `release-asset`. */
export function assetShape(context: Context, repository: Repository, release: Release, asset: Asset): Json {
  const name = fullName(context.world, repository);
  const uploader = shownAccount(context.world, asset.uploaderId);
  return {
    url: `${context.api}/repos/${name}/releases/assets/${asset.id}`,
    id: asset.id,
    node_id: nodeId('RA', asset.id, repository.id),
    name: asset.name,
    label: asset.label,
    uploader: uploader && simpleUser(context, uploader),
    content_type: asset.contentType,
    state: 'uploaded',
    size: asset.size,
    digest: `sha256:${sha1(asset.name)}${sha1(String(asset.id)).slice(0, 24)}`,
    download_count: asset.downloads,
    created_at: iso(asset.createdAt),
    updated_at: iso(asset.updatedAt),
    browser_download_url: `${HTML}/${name}/releases/download/${release.tagName}/${asset.name}`,
  };
}

/** OpenAPI `release`. */
export function releaseShape(context: Context, repository: Repository, release: Release): Json {
  const name = fullName(context.world, repository);
  const base = `${context.api}/repos/${name}`;
  const url = `${base}/releases/${release.id}`;
  const tag = encodeURIComponent(release.tagName);
  const author = shownAccount(context.world, release.authorId) ?? needAccount(context.world, 'ghost');
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `https://uploads.github.com/repos/${name}/releases/${release.id}/assets{?name,label}`,
    html_url: `${HTML}/${name}/releases/tag/${tag}`,
    id: release.id,
    author: simpleUser(context, author),
    node_id: nodeId('RE', release.id, repository.id),
    tag_name: release.tagName,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: false,
    prerelease: release.prerelease,
    created_at: iso(release.createdAt),
    updated_at: iso(release.updatedAt),
    published_at: isoOrNull(release.publishedAt),
    assets: release.assets.map((asset) => assetShape(context, repository, release, asset)),
    tarball_url: `${base}/tarball/${tag}`,
    zipball_url: `${base}/zipball/${tag}`,
    body: release.body,
  };
}
