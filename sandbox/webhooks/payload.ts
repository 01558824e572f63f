/** Deliveries' payloads: the envelope around each event's own keys, which its resource makes. */
import { renamedPayload } from '../resources/accounts/renamed-payload.ts';
import { organizationSimple, simpleUser } from '../resources/accounts/user-shape.ts';
import { pushPayload } from '../resources/branches/push-payload.ts';
import { refPayload } from '../resources/branches/ref-payload.ts';
import { installationPayload, selectionPayload } from '../resources/installations/installation-payload.ts';
import { installationStub } from '../resources/installations/installation-shape.ts';
import { commentPayload } from '../resources/issue-comments/comment-payload.ts';
import { issuePayload } from '../resources/issues/issue-payload.ts';
import { labelPayload } from '../resources/labels/label-payload.ts';
import { milestonePayload } from '../resources/milestones/milestone-payload.ts';
import { pullPayload } from '../resources/pulls/pull-payload.ts';
import { releasePayload } from '../resources/releases/release-payload.ts';
import { repositoryPayload } from '../resources/repositories/repository-payload.ts';
import { repositoryShape } from '../resources/repositories/repository-shape.ts';
import {
  reviewCommentPayload,
  reviewThreadPayload,
} from '../resources/review-comments/review-comment-payload.ts';
import { reviewPayload } from '../resources/reviews/review-payload.ts';
import type { Context, Json } from '../world/context.ts';
import type { Occurrence } from '../world/occurrence.ts';
import type { Installation } from '../world/types.ts';

/** The whole payload as it is for this installation. */
export function payloadOf(context: Context, occurrence: Occurrence, installation: Installation): Json {
  const account = context.world.state.accounts.get(installation.accountId);
  const action = 'action' in occurrence ? { action: occurrence.action } : {};
  const repository =
    'repository' in occurrence
      ? { repository: { ...repositoryShape(context, occurrence.repository), custom_properties: {} } }
      : {};
  const organization =
    account?.type === 'Organization' ? { organization: organizationSimple(context, account) } : {};
  return {
    ...action,
    ...repository,
    ...own(context, occurrence),
    ...organization,
    ...(!('installation' in occurrence) && { installation: installationStub(installation) }),
    sender: simpleUser(context, occurrence.sender),
  };
}

function own(context: Context, occurrence: Occurrence): Json {
  switch (occurrence.event) {
    case 'push':
      return pushPayload(context, occurrence);
    case 'create':
    case 'delete':
      return refPayload(occurrence);
    case 'issues':
      return issuePayload(context, occurrence);
    case 'issue_comment':
      return commentPayload(context, occurrence);
    case 'label':
      return labelPayload(context, occurrence);
    case 'pull_request':
      return pullPayload(context, occurrence);
    case 'pull_request_review':
      return reviewPayload(context, occurrence);
    case 'pull_request_review_comment':
      return reviewCommentPayload(context, occurrence);
    case 'pull_request_review_thread':
      return reviewThreadPayload(context, occurrence);
    case 'milestone':
      return milestonePayload(context, occurrence);
    case 'release':
      return releasePayload(context, occurrence);
    case 'repository':
      return repositoryPayload(context, occurrence);
    case 'fork':
      return { forkee: repositoryShape(context, occurrence.forkee) };
    case 'installation':
      return installationPayload(context, occurrence);
    case 'installation_repositories':
      return selectionPayload(context, occurrence);
    default:
      return renamedPayload(context, occurrence);
  }
}
