/** Issues, labels and comments as REST and webhooks show them. */
import { iso, isoOrNull } from '../world/clock.ts';
import { commentCount } from '../world/comment.ts';
import { fullName } from '../world/lookup.ts';
import { nodeId } from '../world/node-id.ts';
import type { Comment, Issue, Label, Repository } from '../world/types.ts';
import { association } from './association.ts';
import { HTML, type Context, type Json } from './context.ts';
import { milestoneOrNull } from '../resources/milestones.ts';
import { issueTypeOrNull, subIssuesSummary } from '../resources/issue-relations.ts';
import { noReactions } from './reactions.ts';
import { userOrNull } from './user.ts';

/** OpenAPI `label`. */
export function labelShape({ world, api }: Context, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('label', label.id, repository.id),
    url: `${api}/repos/${fullName(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}

/** What issues and pull requests have in common. */
export function sharedFields(context: Context, repository: Repository, issue: Issue): Json {
  const assignees = issue.assigneeIds.map((id) => userOrNull(context, id));
  const labels = issue.labelIds.map((id) => repository.labels.get(id)).filter((one) => one !== undefined);
  return {
    number: issue.number,
    title: issue.title,
    user: userOrNull(context, issue.authorId),
    labels: labels.map((label) => labelShape(context, repository, label)),
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: milestoneOrNull(context, repository, issue.milestoneId),
    created_at: iso(issue.createdAt),
    updated_at: iso(issue.updatedAt),
    closed_at: isoOrNull(issue.closedAt),
    author_association: association(context.world, repository, issue.authorId),
    body: issue.body,
  };
}

/** OpenAPI `issue`. Its `id` is the issue's, for a pull request too; `pull_request` tells the two apart. */
export function issueShape(context: Context, repository: Repository, issue: Issue): Json {
  const name = fullName(context.world, repository);
  const base = `${context.api}/repos/${name}`;
  const url = `${base}/issues/${issue.number}`;
  const html = `${HTML}/${name}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  return {
    url,
    repository_url: base,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id: issue.id,
    node_id: issueNodeId(issue),
    ...sharedFields(context, repository, issue),
    comments: commentCount(context.world, issue, context.commentLagMs),
    type: issueTypeOrNull(context, issue),
    ...(issue.pull && {
      draft: issue.pull.draft,
      pull_request: {
        url: `${base}/pulls/${issue.number}`,
        html_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        merged_at: isoOrNull(issue.pull.mergedAt),
      },
    }),
    ...(!issue.pull && {
      sub_issues_summary: subIssuesSummary(context, repository, issue),
      ...(issue.parentNumber !== null && { parent_issue_url: `${base}/issues/${issue.parentNumber}` }),
      issue_dependencies_summary: { blocked_by: 0, total_blocked_by: 0, blocking: 0, total_blocking: 0 },
    }),
    reactions: noReactions(`${url}/reactions`),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: issue.stateReason,
  };
}

/** With who closed it: `GET /repos/{owner}/{repo}/issues/{number}`. */
export function issueDetail(context: Context, repository: Repository, issue: Issue): Json {
  return { ...issueShape(context, repository, issue), closed_by: userOrNull(context, issue.closedById) };
}

export function issueNodeId(issue: Issue): string {
  return issue.pull
    ? nodeId('pull', issue.pull.id, issue.repositoryId)
    : nodeId('issue', issue.id, issue.repositoryId);
}

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
