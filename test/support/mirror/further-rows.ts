import { milestoneShape } from '../../../sandbox/resources/milestones.ts';
import { assetShape, publishedReleases, releaseShape } from '../../../sandbox/resources/releases.ts';
import type { Context, Json } from '../../../sandbox/shapes/context.ts';
import { labelShape } from '../../../sandbox/shapes/issue.ts';
import { networkOf } from '../../../sandbox/world/lookup.ts';
import type { Repository } from '../../../sandbox/world/types.ts';
import type { Row } from './difference.ts';

type Expected = (context: Context, repository: Repository) => Row[];

const login = (user: unknown): unknown =>
  typeof user === 'object' && user !== null && 'login' in user ? user.login : 'ghost';

/** What each further table must hold of a repository, by the sandbox's own REST answers. */
export const furtherRows: Readonly<Record<string, Expected>> = {
  labels: (context, repository) =>
    [...repository.labels.values()]
      .map((label) => labelShape(context, repository, label))
      .map(({ default: is_default, ...label }: Json) => ({
        ...pick(label, ['id', 'name', 'color', 'description']),
        is_default,
      })),
  milestones: (context, repository) =>
    [...repository.milestones.values()]
      .map((milestone) => milestoneShape(context, repository, milestone))
      .map((milestone) => ({
        ...pick(milestone, ['id', 'number', 'title', 'description', 'state', 'due_on']),
        ...pick(milestone, ['created_at', 'updated_at', 'closed_at']),
        author_login: login(milestone['creator']),
      })),
  tags: ({ world }, repository) =>
    [...repository.refs].flatMap(([ref, { sha }]) => {
      if (!ref.startsWith('refs/tags/')) return [];
      const object = networkOf(world, repository).tags.get(sha);
      return [
        {
          name: ref.slice('refs/tags/'.length),
          sha: object?.target ?? sha,
          tag_sha: object?.sha ?? null,
          tagged_at: object?.tagger
            ? new Date(object.tagger.date * 1000).toISOString().replace('.000Z', 'Z')
            : null,
          message: object?.message ?? null,
        },
      ];
    }),
  releases: (context, repository) =>
    publishedReleases(repository)
      .map((release) => releaseShape(context, repository, release))
      .map((release) => ({
        ...pick(release, ['id', 'tag_name', 'target_commitish', 'name', 'body', 'prerelease']),
        ...pick(release, ['created_at', 'published_at', 'updated_at']),
        author_login: login(release['author']),
      })),
  release_assets: (context, repository) =>
    publishedReleases(repository).flatMap((release) =>
      release.assets
        .map((asset) => assetShape(context, repository, release, asset))
        .map((asset) => ({
          ...pick(asset, ['id', 'name', 'label', 'content_type', 'size', 'state']),
          ...pick(asset, ['created_at', 'updated_at']),
          release_id: release.id,
          uploader_login: login(asset['uploader']),
        })),
    ),
};

function pick(answer: Json, fields: readonly string[]): Row {
  return Object.fromEntries(fields.map((field) => [field, answer[field] ?? null]));
}
