/** Deliveries' payloads: each event's own keys, and the envelope around them. */
import type {
  InstallationOccurrence,
  InstallationRepositoriesOccurrence,
  IssueCommentOccurrence,
  IssuesOccurrence,
  Occurrence,
  PullOccurrence,
  RefOccurrence,
  RepositoryOccurrence,
  TargetRenamedOccurrence,
} from '../world/occurrence.ts';
import { repositoriesOf } from '../world/access.ts';
import type { Installation } from '../world/types.ts';
import type { Context, Json } from '../shapes/context.ts';
import { installationShape, installationStub } from '../shapes/installation.ts';
import { commentShape, issueShape, labelShape } from '../shapes/issue.ts';
import { pullDetail } from '../shapes/pull.ts';
import { repositoryShape, repositoryStub } from '../shapes/repository.ts';
import { organizationSimple, simpleUser } from '../shapes/user.ts';
import { issueTypePayload } from '../resources/issue-relations.ts';
import { milestonePayload, milestoneShape } from '../resources/milestones.ts';
import { releasePayload } from '../resources/releases.ts';
import { reviewCommentPayload, reviewThreadPayload } from '../resources/review-comments-api.ts';
import { requestedPayload } from '../resources/review-requests.ts';
import { reviewPayload } from '../resources/reviews.ts';
import { pushPayload } from './push-payload.ts';

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
      return issuesPayload(context, occurrence);
    case 'issue_comment':
      return commentPayload(context, occurrence);
    case 'label':
      return {
        label: labelShape(context, occurrence.repository, occurrence.label),
        ...(occurrence.changes && { changes: occurrence.changes }),
      };
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

function refPayload(occurrence: RefOccurrence): Json {
  const { repository, ref, refType, event } = occurrence;
  return {
    ref: ref.replace(/^refs\/(?:heads|tags)\//, ''),
    ref_type: refType,
    ...(event === 'create' && {
      master_branch: repository.defaultBranch,
      description: repository.description,
    }),
    pusher_type: 'user',
  };
}

/** What both kinds of issues carry beside themselves. */
function extras(
  context: Context,
  { repository, changes, label, assignee, milestone }: IssuesOccurrence | PullOccurrence,
): Json {
  return {
    ...(changes && { changes }),
    ...(label && { label: labelShape(context, repository, label) }),
    ...(assignee && { assignee: simpleUser(context, assignee) }),
    ...(milestone && { milestone: milestoneShape(context, repository, milestone) }),
  };
}

function issuesPayload(context: Context, occurrence: IssuesOccurrence): Json {
  const { issue, repository, moved, action, issueType } = occurrence;
  const age = action === 'transferred' ? 'new' : 'old';
  return {
    issue: issueShape(context, repository, issue),
    ...extras(context, occurrence),
    ...(issueType !== undefined && issueTypePayload(issueType)),
    ...(moved && {
      changes: {
        [`${age}_issue`]: issueShape(context, moved.repository, moved.issue),
        [`${age}_repository`]: repositoryShape(context, moved.repository),
      },
    }),
  };
}

function commentPayload(context: Context, occurrence: IssueCommentOccurrence): Json {
  const { repository, issue, comment, changes } = occurrence;
  return {
    issue: issueShape(context, repository, issue),
    comment: commentShape(context, repository, issue, comment),
    ...(changes && { changes }),
  };
}

function pullPayload(context: Context, occurrence: PullOccurrence): Json {
  const { repository, issue, before, after, requested } = occurrence;
  return {
    number: issue.number,
    pull_request: issue.pull && pullDetail(context, repository, issue, issue.pull),
    ...extras(context, occurrence),
    ...(requested && requestedPayload(context, requested)),
    ...(before !== undefined && { before, after }),
  };
}

/** A transfer names the former owner. */
function repositoryPayload(context: Context, { changes, formerOwner }: RepositoryOccurrence): Json {
  if (!formerOwner) return changes ? { changes } : {};
  const from =
    formerOwner.type === 'Organization'
      ? { organization: organizationSimple(context, formerOwner) }
      : { user: simpleUser(context, formerOwner) };
  return { changes: { owner: { from } } };
}

/** Times are epoch seconds here, but ISO text in `suspend` and `unsuspend`, as in GitHub's own examples. */
function installationPayload(context: Context, occurrence: InstallationOccurrence): Json {
  const { installation, action } = occurrence;
  const shape = installationShape(context, installation);
  if (action === 'suspend' || action === 'unsuspend') return { installation: shape };
  return {
    installation: withEpochs(shape, installation),
    repositories: repositoriesOf(context.world, installation).map((one) => repositoryStub(context, one)),
    requester: null,
  };
}

function withEpochs(shape: Json, installation: Installation): Json {
  return { ...shape, created_at: installation.createdAt, updated_at: installation.updatedAt };
}

function selectionPayload(context: Context, occurrence: InstallationRepositoriesOccurrence): Json {
  const { installation, repositories, action } = occurrence;
  const stubs = repositories.map((one) => repositoryStub(context, one));
  return {
    installation: withEpochs(installationShape(context, installation), installation),
    repository_selection: installation.selection,
    repositories_added: action === 'added' ? stubs : [],
    repositories_removed: action === 'removed' ? stubs : [],
    requester: null,
  };
}

function renamedPayload(context: Context, occurrence: TargetRenamedOccurrence): Json {
  const { account, from, event } = occurrence;
  const changes = { login: { from } };
  if (event === 'organization') return { changes };
  const target = account.type === 'Organization' ? 'Organization' : 'User';
  return { account: simpleUser(context, account), changes, target_type: target };
}
