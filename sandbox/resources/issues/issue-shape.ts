/** Issues as REST and webhooks show them. */
import { iso, isoOrNull } from '../../world/clock.ts';
import { commentCount } from './comment-count.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { association } from '../accounts/account.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { milestoneOrNull } from '../milestones/milestone-shape.ts';
import { issueTypeOrNull, subIssuesSummary } from './issue-relations.ts';
import { labelShape } from '../labels.ts';
import { noReactions } from '../no-reactions.ts';
import { userOrNull } from '../accounts/user-shape.ts';

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
    ? nodeId('PR', issue.pull.id, issue.repositoryId)
    : nodeId('I', issue.id, issue.repositoryId);
}
