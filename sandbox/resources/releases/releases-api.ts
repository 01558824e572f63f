/** Releases and their assets by REST, GraphQL and the control API. */
import { z } from 'zod';
import { action } from '../../control/action.ts';
import { by, given, repo, target } from '../../control/inputs.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { int32 } from '../../graphql/nodes/int32.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { demand, type Reading } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { WorldError } from '../../world/errors.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import { resolve } from '../branches/push.ts';
import type { Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { refuseBeyond } from '../../http/page-limit.ts';
import {
  assetShape,
  createRelease,
  deleteRelease,
  draftRelease,
  editRelease,
  latestRelease,
  publishedReleases,
  publishRelease,
  releaseShape,
  unpublishRelease,
  uploadAsset,
  type Asset,
  type Release,
} from './releases.ts';

/** So many can be walked, then the answer is 422. Source: reports from the field. */
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

function find(repository: Repository, fits: (release: Release) => boolean): Release | undefined {
  return publishedReleases(repository).find(fits);
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
  const release = find(repository, ({ id }) => id === Number(params['id']));
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
        find(call.repository, ({ tagName }) => tagName === call.params['*']),
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
        find(call.repository, ({ id }) => id === Number(call.params['id'])),
      ),
  },
  { method: 'GET', path: '/releases/:id/assets', permission, handler: assets },
];

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
      return node(find(repository, (one) => one.tagName === tagName));
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
    id: nodeId('release', release.id, repository.id),
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
    id: nodeId('asset', shown.id, repository.id),
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

const tag = z.string();
const example = { repo: 'octo-sandbox/app', tag: 'v0.1.0' };

/** The release of a tag, with its repository and who acts. Throws WorldError 404. */
function releaseTarget(world: World, input: { repo: string | number; tag: string; by?: string | undefined }) {
  const found = target(world, input);
  const release = [...found.repository.releases.values()].find(({ tagName }) => tagName === input.tag);
  if (!release) throw new WorldError(`no release of ${input.tag}`, 404);
  return { ...found, release };
}

function show(context: Context, { repository, release }: ReturnType<typeof releaseTarget>): Json {
  return releaseShape(context, repository, release);
}

const named = z.object({ repo, tag, by });

export const releaseActions = {
  createRelease: action({
    about: 'Publish a release (its tag is made where it is missing), or save a draft.',
    example: { repo: 'octo-sandbox/app', tag: 'v99.0.0', body: 'Less ink.' },
    input: z.object({
      repo,
      tag,
      target: z.string().optional(),
      name: z.string().nullable().optional(),
      body: z.string().nullable().optional(),
      prerelease: z.boolean().optional(),
      draft: z.boolean().default(false),
      by,
    }),
    run: ({ world }, { tag: tagName, target: at, name, body, prerelease, draft, ...input }) => {
      const found = target(world, input);
      const fields = { tagName, ...given({ target: at, name, body, prerelease }) };
      const create = draft ? draftRelease : createRelease;
      return { ...found, release: create(world, found.repository, fields, found.who) };
    },
    show,
  }),
  publishRelease: action({
    about: 'Publish a draft; with `undo` make a draft of a release again.',
    example: { ...example, undo: true },
    input: named.extend({ undo: z.boolean().default(false) }),
    run: ({ world }, { undo, ...input }) => {
      const found = releaseTarget(world, input);
      (undo ? unpublishRelease : publishRelease)(world, found.repository, found.release, found.who);
      return found;
    },
    show,
  }),
  editRelease: action({
    about: 'Change a release.',
    example: { ...example, body: 'Even less ink.', prerelease: true },
    input: named.extend({
      name: z.string().nullable().optional(),
      body: z.string().nullable().optional(),
      prerelease: z.boolean().optional(),
    }),
    run: ({ world }, { name, body, prerelease, ...input }) => {
      const found = releaseTarget(world, input);
      editRelease(world, found.repository, found.release, given({ name, body, prerelease }), found.who);
      return found;
    },
    show,
  }),
  deleteRelease: action({
    about: 'Delete a release; its tag stays.',
    example,
    input: named,
    run: ({ world }, input) => {
      const found = releaseTarget(world, input);
      deleteRelease(world, found.repository, found.release, found.who);
      return found;
    },
    show,
  }),
  uploadAsset: action({
    about: 'Upload an asset to a release: no event tells it.',
    example: { ...example, name: 'manual.pdf' },
    input: named.extend({ name: z.string(), size: z.number().int().default(1024) }),
    run: ({ world }, { name, size, ...input }) => {
      const found = releaseTarget(world, input);
      uploadAsset(world, found.repository, found.release, { name, size }, found.who);
      return found;
    },
    show,
  }),
  deleteAsset: action({
    about: 'Delete an asset of a release (the latest unless named): no event tells it.',
    example,
    input: named.extend({ name: z.string().optional() }),
    run: ({ world }, { name, ...input }) => {
      const found = releaseTarget(world, input);
      const { assets: all } = found.release;
      const gone = name === undefined ? all.at(-1) : all.find((one) => one.name === name);
      if (!gone) throw new WorldError('no such asset', 404);
      found.release.assets = all.filter((one) => one !== gone);
      found.repository.version += 1;
      return found;
    },
    show,
  }),
};
