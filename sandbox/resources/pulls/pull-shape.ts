/** Pull requests and reviews as REST and webhooks show them. */
import { newCommits } from '../commits/graph.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { commentCount } from '../issues/comment-count.ts';
import { fullName, networkOf, shownAccount } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import { lastChange } from './pull.ts';
import type { Issue, Pull, Repository } from '../../world/types.ts';
import { statsOf } from '../commits/commit-shape.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { sharedFields } from '../issues/issue-shape.ts';
import { visibleComments } from '../reviews/review-visibility.ts';
import { requestedFields } from './review-request-shape.ts';
import { repositoryShape } from '../repositories/repository-shape.ts';
import { userOrNull } from '../accounts/user-shape.ts';

/** OpenAPI `pull-request-simple`: lists, where what needs a look into Git is missing. */
export function pullShape(context: Context, repository: Repository, issue: Issue, pull: Pull): Json {
  const name = fullName(context.world, repository);
  const base = `${context.api}/repos/${name}`;
  const url = `${base}/pulls/${issue.number}`;
  const html = `${HTML}/${name}/pull/${issue.number}`;
  const issueUrl = `${base}/issues/${issue.number}`;
  const statuses = `${base}/statuses/${pull.headSha}`;
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id, repository.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    ...sharedFields(context, repository, issue),
    updated_at: iso(lastChange(issue)),
    merged_at: isoOrNull(pull.mergedAt),
    merge_commit_sha: pull.mergeCommitSha,
    ...requestedFields(context, pull),
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${base}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: side(context, pull.headRepoId, pull.headOwnerId, pull.headRef, pull.headSha),
    base: side(context, repository.id, repository.ownerId, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${base}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    auto_merge: null,
  };
}

/** `head` or `base`. The repository is null when it was deleted. */
function side(context: Context, repoId: number, ownerId: number, ref: string, sha: string): Json {
  const repository = context.world.state.repositories.get(repoId);
  const owner = shownAccount(context.world, repository?.ownerId ?? ownerId);
  return {
    label: `${owner?.login ?? 'unknown'}:${ref}`,
    ref,
    sha,
    user: userOrNull(context, repository?.ownerId ?? ownerId),
    repo: repository ? repositoryShape(context, repository) : null,
  };
}

/** OpenAPI `pull-request`: with what only a single answer has. */
export function pullDetail(context: Context, repository: Repository, issue: Issue, pull: Pull): Json {
  const network = networkOf(context.world, repository);
  const shas = pullCommits(context, repository, pull);
  const files = shas.flatMap((sha) => network.commits.get(sha)?.files ?? []);
  const { additions, deletions } = statsOf(files);
  const merged = pull.mergedAt !== null;
  const open = issue.state === 'open';
  return {
    ...pullShape(context, repository, issue, pull),
    merged,
    mergeable: open ? pull.mergeable : null,
    rebaseable: open ? pull.mergeable : null,
    mergeable_state: !open ? 'unknown' : pull.draft ? 'draft' : pull.mergeable ? 'clean' : 'dirty',
    merged_by: userOrNull(context, pull.mergedById),
    comments: commentCount(context.world, issue, context.commentLagMs),
    review_comments: visibleComments(pull).length,
    maintainer_can_modify: false,
    commits: shas.length,
    additions,
    deletions,
    changed_files: new Set(files.map((file) => file.path)).size,
  };
}

/** The pull request's own commits, oldest first. */
export function pullCommits({ world }: Context, repository: Repository, pull: Pull): string[] {
  return newCommits(world, networkOf(world, repository), pull.baseSha, pull.headSha).toReversed();
}
