import { milestoneShape } from '../../../sandbox/resources/milestones/milestone-shape.ts';
import { assetShape, releaseShape } from '../../../sandbox/resources/releases/release-shape.ts';
import { publishedReleases } from '../../../sandbox/resources/releases/release.ts';
import type { Context, Json } from '../../../sandbox/world/context.ts';
import { commentShape } from '../../../sandbox/resources/issue-comments.ts';
import { labelShape } from '../../../sandbox/resources/labels.ts';
import { isoOrNull } from '../../../sandbox/world/clock.ts';
import { GHOST_ID, networkOf } from '../../../sandbox/world/lookup.ts';
import type { Repository } from '../../../sandbox/world/types.ts';
import { asRequiredDate, asStored, type Row } from './difference.ts';
import { expectedReviewComments, expectedReviews, expectedThreads } from './expected-teamwork.ts';
import type { Permitted } from './permitted.ts';
import type { StoredTable } from './stored-rows.ts';

interface FurtherTable {
  /** by the sandbox's own REST answers */
  rows: (context: Context, repository: Repository) => Row[];
  /** whether the App may read it, of this repository */
  isReadable: (permitted: Permitted, repository: Repository) => boolean;
  /** the column that tells its rows of one repository apart; `id` unless given */
  key?: string;
  /** asked about once an hour: a sweep may be behind */
  isHourly?: true;
  /** read by GraphQL alone, with what else is told of pull requests there */
  isDetail?: true;
}

const ofIssues = (permitted: Permitted) => permitted.has('issues');
const ofEither = (permitted: Permitted) => permitted.has('issues') || permitted.has('pull_requests');
const ofContents = (permitted: Permitted) => permitted.has('contents');
const ofPulls = (permitted: Permitted, { hasPullRequests }: Repository) =>
  permitted.has('pull_requests') && hasPullRequests;

/** What each further table must hold of a repository. */
export const furtherTables: Partial<Record<StoredTable, FurtherTable>> = {
  labels: {
    isReadable: ofIssues,
    isHourly: true,
    rows: (context, repository) =>
      [...repository.labels.values()].map((label) => {
        const { default: is_default, ...shown } = labelShape(context, repository, label);
        return { ...pick(shown, ['id', 'name', 'color', 'description']), is_default };
      }),
  },
  milestones: {
    isReadable: ofIssues,
    isHourly: true,
    rows: (context, repository) =>
      [...repository.milestones.values()].map((milestone) => {
        const shown = milestoneShape(context, repository, milestone);
        return {
          ...pick(shown, ['id', 'number', 'title', 'description', 'state', 'due_on']),
          ...pick(shown, ['created_at', 'updated_at', 'closed_at']),
          ...writtenBy(shown['creator']),
        };
      }),
  },
  issue_comments: {
    isReadable: ofEither,
    rows: (context, repository) =>
      [...repository.issues.values()].flatMap((issue) =>
        issue.comments.map((comment) => {
          const shown = commentShape(context, repository, issue, comment);
          return {
            ...pick(shown, ['id', 'author_association', 'created_at', 'updated_at']),
            number: issue.number,
            body: asStored(shown['body']) || null,
            ...writtenBy(shown['user']),
          };
        }),
      ),
  },
  pull_request_reviews: { isReadable: ofPulls, rows: expectedReviews, isDetail: true },
  pull_request_review_threads: { isReadable: ofPulls, rows: expectedThreads, isDetail: true },
  pull_request_review_comments: { isReadable: ofPulls, rows: expectedReviewComments, isDetail: true },
  tags: {
    isReadable: ofContents,
    isHourly: true,
    key: 'name',
    rows: ({ world }, repository) =>
      [...repository.refs].flatMap(([ref, { sha }]) => {
        if (!ref.startsWith('refs/tags/')) return [];
        const object = networkOf(world, repository).tags.get(sha);
        const name = ref.slice('refs/tags/'.length);
        const at = isoOrNull(object?.tagger?.date ?? null);
        const message = asStored(object?.message);
        return [{ name, sha: object?.target ?? sha, tag_sha: object?.sha ?? null, tagged_at: at, message }];
      }),
  },
  releases: {
    isReadable: ofContents,
    isHourly: true,
    rows: (context, repository) =>
      publishedReleases(repository).map((release) => {
        const shown = releaseShape(context, repository, release);
        return {
          ...pick(shown, ['id', 'tag_name', 'target_commitish', 'name', 'body', 'prerelease']),
          ...pick(shown, ['published_at', 'updated_at']),
          // that of the commit
          created_at: asRequiredDate(shown['created_at']),
          ...writtenBy(shown['author']),
        };
      }),
  },
  release_assets: {
    isReadable: ofContents,
    isHourly: true,
    rows: (context, repository) =>
      publishedReleases(repository).flatMap((release) =>
        release.assets.map((asset) => {
          const shown = assetShape(context, repository, release, asset);
          return {
            ...pick(shown, ['id', 'name', 'label', 'content_type', 'size', 'state']),
            ...pick(shown, ['created_at', 'updated_at']),
            release_id: release.id,
            uploader_login: writtenBy(shown['uploader']).author_login,
          };
        }),
      ),
  },
};

/** Who wrote it, by login and by account; of an account that is no more, GitHub shows its stand-in. */
function writtenBy(user: unknown) {
  const { id = null, login = 'ghost' }: Json = Object(user);
  return { author_login: asStored(login), author: id === GHOST_ID ? null : id };
}

function pick(answer: Json, fields: readonly string[]): Row {
  return Object.fromEntries(
    fields.map((field) => {
      const value = answer[field] ?? null;
      return [field, typeof value === 'string' ? asStored(value) : value];
    }),
  );
}
