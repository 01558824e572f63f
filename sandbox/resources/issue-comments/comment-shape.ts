import { iso } from '../../world/clock.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Comment, Issue, Repository } from '../../world/types.ts';
import { association } from '../accounts/association.ts';
import { userOrNull } from '../accounts/user-shape.ts';
import { noReactions } from '../no-reactions.ts';

/** OpenAPI `issue-comment`. */
export function commentShape(context: Context, repository: Repository, issue: Issue, comment: Comment): Json {
  const name = fullName(context.world, repository);
  const url = `${context.api}/repos/${name}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${HTML}/${name}/issues/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${context.api}/repos/${name}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId('comment', comment.id, repository.id),
    user: userOrNull(context, comment.authorId),
    created_at: iso(comment.createdAt),
    updated_at: iso(comment.updatedAt),
    body: comment.body,
    author_association: association(context.world, repository, comment.authorId),
    reactions: noReactions(`${url}/reactions`),
    performed_via_github_app: null,
  };
}
