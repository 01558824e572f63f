import { milestoneShape } from '../../sandbox/resources/milestones.ts';
import { assetShape, publishedReleases, releaseShape } from '../../sandbox/resources/releases.ts';
import type { Context, Json } from '../../sandbox/shapes/context.ts';
import { labelShape } from '../../sandbox/shapes/issue.ts';
import type { Repository } from '../../sandbox/world/types.ts';
import type { Mirror } from './mirror.ts';
import { differencesOf, type Row } from './mirror/difference.ts';

type Expected = (context: Context, repository: Repository) => Row[];

const login = (user: unknown): unknown =>
  typeof user === 'object' && user !== null && 'login' in user ? user.login : 'ghost';

/** What each further table must hold of a repository, by the sandbox's own REST answers. */
const expectations: Record<string, Expected> = {
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

/** What one table of the mirror has otherwise than the sandbox, a line for each difference. */
export async function differencesIn(mirror: Mirror, table: string): Promise<string[]> {
  const { sandbox } = mirror;
  const context: Context = { world: sandbox.world, api: sandbox.url };
  const expected = [...sandbox.world.state.repositories.values()].flatMap((repository) =>
    (expectations[table]?.(context, repository) ?? []).map((row) => ({
      ...row,
      repository_id: repository.id,
    })),
  );
  const stored = await mirror.rows<Row>(`select * from ${table} where deleted_at is null`);
  return differencesOf(table, byKey(expected), byKey(stored.map(asGitHub)));
}

/** PostgreSQL answers times with milliseconds, GitHub without. */
function asGitHub(row: Row): Row {
  const fields = Object.entries(row).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? value.replace(/\.000Z$/, 'Z') : value,
  ]);
  return Object.fromEntries(fields);
}

function byKey(rows: readonly Row[]): Map<string, Row> {
  return new Map(
    rows.map((row) => [`${String(row['repository_id'])}/${String(row['id'] ?? row['name'])}`, row]),
  );
}

function pick(answer: Json, fields: readonly string[]): Row {
  return Object.fromEntries(fields.map((field) => [field, answer[field] ?? null]));
}
