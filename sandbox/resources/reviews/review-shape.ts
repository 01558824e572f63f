import { iso } from '../../world/clock.ts';
import { type Context, HTML, type Json } from '../../world/context.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { association } from '../accounts/account.ts';
import { userUnlessDeleted } from '../accounts/user-shape.ts';
import type { Review } from './review.ts';

/** OpenAPI `pull-request-review`. The author of a deleted account is null here, not the ghost. */
export function reviewShape(context: Context, repository: Repository, issue: Issue, shown: Review): Json {
  const name = fullName(context.world, repository);
  const url = `${context.api}/repos/${name}/pulls/${issue.number}`;
  const html = `${HTML}/${name}/pull/${issue.number}#pullrequestreview-${shown.id}`;
  return {
    id: shown.id,
    node_id: nodeId('PRR', shown.id, repository.id),
    user: userUnlessDeleted(context, shown.authorId),
    body: shown.body ?? '',
    state: shown.state.toUpperCase(),
    html_url: html,
    pull_request_url: url,
    author_association: association(context.world, repository, shown.authorId),
    _links: { html: { href: html }, pull_request: { href: url } },
    ...(shown.submittedAt !== null && { submitted_at: iso(shown.submittedAt) }),
    commit_id: shown.commitId,
  };
}
