import { iso } from '../../world/clock.ts';
import { type Context, HTML, type Json } from '../../world/context.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { association } from '../accounts/account.ts';
import { userUnlessDeleted } from '../accounts/user-shape.ts';
import { noReactions } from '../no-reactions.ts';
import { pullOf } from '../reviews/review.ts';
import { placeOf, type ReviewComment } from './review-comment.ts';

/** OpenAPI `pull-request-review-comment`; its line is null while it is outdated. */
export function reviewCommentShape(
  context: Context,
  repository: Repository,
  issue: Issue,
  comment: ReviewComment,
): Json {
  const name = fullName(context.world, repository);
  const base = `${context.api}/repos/${name}/pulls`;
  const url = `${base}/comments/${comment.id}`;
  const html = `${HTML}/${name}/pull/${issue.number}#discussion_r${comment.id}`;
  const { commitId, line, outdated } = placeOf(context.world, repository, pullOf(issue), comment);
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id, repository.id),
    diff_hunk: '@@ -1,1 +1,1 @@',
    path: comment.path,
    commit_id: commitId,
    original_commit_id: comment.originalCommitId,
    user: userUnlessDeleted(context, comment.authorId),
    body: comment.body,
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    html_url: html,
    pull_request_url: `${base}/${issue.number}`,
    author_association: association(context.world, repository, comment.authorId),
    _links: {
      self: { href: url },
      html: { href: html },
      pull_request: { href: `${base}/${issue.number}` },
    },
    reactions: noReactions(`${url}/reactions`),
    start_line: null,
    original_start_line: null,
    start_side: null,
    line,
    original_line: comment.originalLine,
    side: 'RIGHT',
    ...(comment.inReplyToId !== null && { in_reply_to_id: comment.inReplyToId }),
    original_position: comment.originalLine ?? 1,
    position: outdated ? null : (line ?? 1),
    subject_type: comment.originalLine === null ? 'file' : 'line',
  };
}
