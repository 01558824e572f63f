import { reviewCommentShape } from '../../../sandbox/resources/review-comments/review-comment-shape.ts';
import {
  commentsOfThread,
  submittedReviews,
  visibleComments,
  visibleThreads,
} from '../../../sandbox/resources/reviews/review-visibility.ts';
import { reviewShape } from '../../../sandbox/resources/reviews/review-shape.ts';
import type { Context, Json } from '../../../sandbox/world/context.ts';
import { pullCommits, pullDetail } from '../../../sandbox/resources/pulls/pull-shape.ts';
import { isoOrNull } from '../../../sandbox/world/clock.ts';
import { networkOf } from '../../../sandbox/world/lookup.ts';
import { nodeId } from '../../../sandbox/world/node-id.ts';
import type { Issue, Pull, Repository } from '../../../sandbox/world/types.ts';
import { asStored, type Row } from './difference.ts';

const GHOST_ID = 10_137;

type Expected = (context: Context, repository: Repository) => Row[];

/** Of each pull request, what GraphQL alone tells: by id, like the rows that they belong to. */
export const expectedDetails: Expected = ofPulls((context, repository, issue, pull) => [
  { id: pull.id, ...detailRow(context, repository, issue, pull) },
]);

export const expectedReviews: Expected = ofPulls((context, repository, issue, pull) =>
  submittedReviews(pull).map((review) => {
    const shown = reviewShape(context, repository, issue, review);
    return {
      ...written(shown, pull),
      state: shown['state'],
      commit_sha: shown['commit_id'],
      submitted_at: shown['submitted_at'],
    };
  }),
);

export const expectedThreads: Expected = ofPulls((context, repository, _issue, pull) =>
  visibleThreads(pull).map(({ id, resolvedById }) => {
    const [first] = commentsOfThread(pull, id);
    return {
      // Its first comment may be gone: the others keep naming it.
      id: first?.inReplyToId ?? first?.id,
      node_id: nodeId('PRRT', id, repository.id),
      pull_request_id: pull.id,
      path: asStored(first?.path),
      resolved: resolvedById !== null,
      resolved_by_login: loginOf(context, resolvedById),
    };
  }),
);

export const expectedReviewComments: Expected = ofPulls((context, repository, issue, pull) =>
  visibleComments(pull).map((comment) => {
    const shown = reviewCommentShape(context, repository, issue, comment);
    return {
      ...written(shown, pull),
      review_id: shown['pull_request_review_id'],
      in_reply_to_id: shown['in_reply_to_id'] ?? null,
      thread_id: shown['in_reply_to_id'] ?? shown['id'],
      path: asStored(shown['path']),
      original_commit_sha: shown['original_commit_id'],
      original_line: shown['original_line'],
      created_at: shown['created_at'],
      updated_at: shown['updated_at'],
    };
  }),
);

function ofPulls(
  rowsOf: (context: Context, repository: Repository, issue: Issue, pull: Pull) => Row[],
): Expected {
  return (context, repository) =>
    [...repository.issues.values()].flatMap((issue) =>
      issue.pull === null
        ? []
        : rowsOf(context, repository, issue, issue.pull).map((row) => ({ number: issue.number, ...row })),
    );
}

function detailRow(context: Context, repository: Repository, issue: Issue, pull: Pull): Row {
  const shown = pullDetail(context, repository, issue, pull);
  const [first] = pullCommits(context, repository, pull);
  const date = networkOf(context.world, repository).commits.get(first ?? '')?.author?.date ?? null;
  return {
    additions: shown['additions'],
    deletions: shown['deletions'],
    changed_files: shown['changed_files'],
    commits_count: shown['commits'],
    comments_count: shown['comments'],
    first_commit_at: isoOrNull(date),
    ready_for_review_at: isoOrNull(pull.readyEvents.at(-1)?.createdAt ?? null),
    merged_by_login: loginOf(context, pull.mergedById),
  };
}

/** What reviews and comments have in common. */
function written(shown: Json, pull: Pull): Row {
  const user: Json = Object(shown['user']);
  const { id = null, login = null } = user;
  return {
    id: shown['id'],
    pull_request_id: pull.id,
    body: shown['body'] === '' ? null : asStored(shown['body']),
    author_login: login ?? 'ghost',
    author: id === GHOST_ID ? null : id,
    author_association: shown['author_association'],
  };
}

function loginOf({ world }: Context, id: number | null): string | null {
  const account = id === null ? undefined : world.state.accounts.get(id);
  return account === undefined || account.deleted ? null : account.login;
}
