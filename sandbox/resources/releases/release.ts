/** Releases and their assets: what they are and what happens to them. */
import { WorldError } from '../../world/errors.ts';
import { networkOf } from '../../world/lookup.ts';
import type { Changes, InRepository } from '../../world/occurrence.ts';
import type { Account, Repository } from '../../world/types.ts';
import { touch, type World } from '../../world/world.ts';
import { resolve, setTag } from '../branches/push.ts';
import { commitDate } from '../commits/commit.ts';

declare module '../../world/types.ts' {
  interface RepositoryState {
    releases: Map<number, Release>;
  }
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    release: ReleaseOccurrence;
  }
}

export interface Asset {
  id: number;
  name: string;
  label: string | null;
  contentType: string;
  size: number;
  downloads: number;
  uploaderId: number;
  createdAt: number;
  updatedAt: number;
}

export interface Release {
  id: number;
  tagName: string;
  target: string;
  name: string | null;
  body: string | null;
  /** Only those who may write see it. */
  draft: boolean;
  prerelease: boolean;
  authorId: number;
  /** The date of the tag's commit; of a draft, when it was saved. */
  createdAt: number;
  updatedAt: number;
  publishedAt: number | null;
  assets: Asset[];
}

export interface ReleaseOccurrence extends InRepository {
  event: 'release';
  action: 'created' | 'published' | 'released' | 'prereleased' | 'edited' | 'unpublished' | 'deleted';
  release: Release;
  changes?: Changes;
}

function announce(
  world: World,
  repository: Repository,
  release: Release,
  actions: ReleaseOccurrence['action'][],
  sender: Account,
  changes?: Changes,
): void {
  touch(repository);
  for (const action of actions) {
    world.emit({
      event: 'release',
      action,
      repository,
      sender,
      release,
      ...(changes && action === 'edited' && { changes }),
    });
  }
}

export interface ReleaseInput {
  tagName: string;
  target?: string;
  name?: string | null;
  body?: string | null;
  prerelease?: boolean;
}

/** Saves a draft, which its readers do not see. Throws WorldError when a release of that tag is there. */
export function draftRelease(
  world: World,
  repository: Repository,
  input: ReleaseInput,
  sender: Account,
): Release {
  const release = add(world, repository, input, sender);
  announce(world, repository, release, ['created'], sender);
  return release;
}

/** Publishes a release at once, with up to three events. A missing tag is created. */
export function createRelease(
  world: World,
  repository: Repository,
  input: ReleaseInput,
  sender: Account,
): Release {
  const at = input.target ?? repository.defaultBranch;
  const tag = `refs/tags/${input.tagName}`;
  if (!repository.refs.has(tag) && resolve(world, repository, at) === null)
    throw new WorldError(`no commit or branch ${at}`);
  const release = add(world, repository, input, sender);
  publish(world, repository, release, sender);
  announce(world, repository, release, ['created', 'published', kindOf(release)], sender);
  return release;
}

/** Publishes a draft. */
export function publishRelease(
  world: World,
  repository: Repository,
  release: Release,
  sender: Account,
): void {
  if (!release.draft) throw new WorldError('the release is published already');
  publish(world, repository, release, sender);
  announce(world, repository, release, ['published', kindOf(release)], sender);
}

function kindOf({ prerelease }: Release): 'prereleased' | 'released' {
  return prerelease ? 'prereleased' : 'released';
}

function add(world: World, repository: Repository, input: ReleaseInput, author: Account): Release {
  const taken = [...repository.releases.values()].some(({ tagName }) => tagName === input.tagName);
  if (taken) throw new WorldError('already_exists');
  const now = world.clock.now();
  const release: Release = {
    id: world.nextId('release', 260_000_000),
    tagName: input.tagName,
    target: input.target ?? repository.defaultBranch,
    name: input.name ?? input.tagName,
    body: input.body ?? null,
    draft: true,
    prerelease: input.prerelease ?? false,
    authorId: author.id,
    createdAt: now,
    updatedAt: now,
    publishedAt: null,
    assets: [],
  };
  repository.releases.set(release.id, release);
  return release;
}

function publish(world: World, repository: Repository, release: Release, by: Account): void {
  const tag = `refs/tags/${release.tagName}`;
  if (!repository.refs.has(tag)) setTag(world, repository, release.tagName, release.target, by);
  const sha = resolve(world, repository, tag) ?? '';
  const commit = networkOf(world, repository).commits.get(sha);
  const now = world.clock.now();
  const createdAt = commit ? commitDate(commit) : release.createdAt;
  Object.assign(release, { draft: false, createdAt, updatedAt: now, publishedAt: now });
}

/** Changes a release; becoming a pre-release, or ceasing to be one, has its own event. */
export function editRelease(
  world: World,
  repository: Repository,
  release: Release,
  input: Partial<Pick<Release, 'name' | 'body' | 'prerelease'>>,
  sender: Account,
): void {
  const { name, body, prerelease } = input;
  const changes: Changes = {};
  if (name !== undefined && name !== release.name) changes['name'] = { from: release.name ?? '' };
  if (body !== undefined && body !== release.body) changes['body'] = { from: release.body ?? '' };
  const other = prerelease !== undefined && prerelease !== release.prerelease;
  if (Object.keys(changes).length === 0 && !other) return;
  Object.assign(release, input, { updatedAt: world.clock.now() });
  const kinds = other && !release.draft ? [kindOf(release)] : [];
  announce(world, repository, release, ['edited', ...kinds], sender, changes);
}

/** Makes a draft of it again. */
export function unpublishRelease(
  world: World,
  repository: Repository,
  release: Release,
  sender: Account,
): void {
  if (release.draft) throw new WorldError('the release is a draft');
  Object.assign(release, { draft: true, updatedAt: world.clock.now() });
  announce(world, repository, release, ['unpublished'], sender);
}

/** Deletes a release; its tag stays. */
export function deleteRelease(world: World, repository: Repository, release: Release, sender: Account): void {
  repository.releases.delete(release.id);
  announce(world, repository, release, ['deleted'], sender);
}

/** Uploads an asset: no event tells it, and no clock of the release. */
export function uploadAsset(
  world: World,
  repository: Repository,
  release: Release,
  input: Pick<Asset, 'name' | 'size'>,
  by: Account,
): Asset {
  if (release.assets.some(({ name }) => name === input.name)) throw new WorldError('already_exists');
  const now = world.clock.now();
  const asset: Asset = {
    id: world.nextId('asset', 340_000_000),
    label: null,
    contentType: 'application/octet-stream',
    downloads: 0,
    uploaderId: by.id,
    createdAt: now,
    updatedAt: now,
    ...input,
  };
  release.assets.push(asset);
  touch(repository);
  return asset;
}

/** Those that readers see, newest first. */
export function publishedReleases(repository: Repository): Release[] {
  return [...repository.releases.values()]
    .filter(({ draft }) => !draft)
    .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
}

/** The newest that is no pre-release. */
export function latestRelease(repository: Repository): Release | null {
  return publishedReleases(repository).find(({ prerelease }) => !prerelease) ?? null;
}
