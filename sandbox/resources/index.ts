/** Every resource, in the order in which the control API lists their actions. */
import type { RepositoryState } from '../world/types.ts';
import { accountResource } from './accounts/account-resource.ts';
import { branchResource } from './branches/branch-resource.ts';
import { commitResource } from './commits/commit-resource.ts';
import { installationResource } from './installations/installation-resource.ts';
import { commentResource } from './issue-comments.ts';
import { issueResource } from './issues/issue-resource.ts';
import { labelResource } from './labels.ts';
import { milestoneResource } from './milestones/milestone-resource.ts';
import { pullResource } from './pulls/pull-resource.ts';
import { releaseResource } from './releases/release-resource.ts';
import { repositoryResource } from './repositories/repository-resource.ts';
import { reviewCommentResource } from './review-comments/review-comment-resource.ts';
import { reviewResource } from './reviews/review-resource.ts';
import { tagResource } from './tags.ts';

export const resources = [
  accountResource,
  installationResource,
  repositoryResource,
  commitResource,
  branchResource,
  tagResource,
  issueResource,
  commentResource,
  labelResource,
  milestoneResource,
  pullResource,
  reviewResource,
  reviewCommentResource,
  releaseResource,
] as const;

/** What a new repository has of every resource. */
export function repositoryState(): RepositoryState {
  return Object.assign(
    Object.create(Object.prototype),
    ...resources.map(({ inRepository }) => inRepository?.() ?? {}),
  );
}
