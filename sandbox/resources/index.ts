/** Every resource, in the order in which the control API lists their actions. */
import { accountResource } from './accounts/account-resource.ts';
import { branchResource } from './branches/branch-resource.ts';
import { commitResource } from './commits/commit-resource.ts';
import { installationResource } from './installations/installation-resource.ts';
import { commentResource } from './issue-comments/comment-resource.ts';
import { issueResource } from './issues/issue-resource.ts';
import { labelResource } from './labels/label-resource.ts';
import { milestoneResource } from './milestones/milestone-resource.ts';
import { pullResource } from './pulls/pull-resource.ts';
import { releaseResource } from './releases/release-resource.ts';
import { repositoryResource } from './repositories/repository-resource.ts';
import { reviewCommentResource } from './review-comments/review-comment-resource.ts';
import { reviewResource } from './reviews/review-resource.ts';
import { tagResource } from './tags/tag-resource.ts';

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
