/** `PullRequest`. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { notSimulated } from '../../graphql/errors.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Commit, Issue, Pull, Repository, Team } from '../../world/types.ts';
import { HEADS } from '../branches/branch.ts';
import { statsOf } from '../commits/commit-shape.ts';
import { commentCount } from '../issues/comment-count.ts';
import { conversation } from '../issues/conversation-fields.ts';
import { readTime, stateOf } from '../issues/issue-filter.ts';
import { actorNode, relatedRepository } from '../repositories/related-repository.ts';
import { reviewThreadFields } from '../review-comments/review-thread-node.ts';
import { reviewFields } from '../reviews/review-node.ts';
import { visibleComments } from '../reviews/review-visibility.ts';
import { pullCommits } from './pull-shape.ts';
import { requestedOf } from './review-request.ts';

// What happened to a pull request.

const SIMULATED = 'READY_FOR_REVIEW_EVENT';

interface TimelineArgs extends PageArgs {
  itemTypes?: readonly string[] | null;
  since?: string | null;
}

/** `timelineItems`: of all kinds of items only `ReadyForReviewEvent`, and an error for who asks for others. */
function pullTimeline(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const path = `/${fullName(viewer.context.world, repository)}/pull/${issue.number}`;
  return {
    timelineItems: ({ itemTypes, since, ...args }: TimelineArgs) => {
      if (itemTypes?.length !== 1 || itemTypes[0] !== SIMULATED)
        throw notSimulated(`timeline items other than ${SIMULATED}`);
      const from = typeof since === 'string' ? readTime(since, 'since') : 0;
      const items = pull.readyEvents.filter(({ createdAt }) => createdAt >= from);
      const list = connection(args, {
        items,
        order: byPosition,
        node: ({ id, createdAt, actorId }) => ({
          __typename: 'ReadyForReviewEvent',
          id: nodeId('RFRE', id, repository.id),
          createdAt: iso(createdAt),
          actor: () => actorNode(viewer, actorId),
          url: `${HTML}${path}#event-${id}`,
          resourcePath: `${path}#event-${id}`,
          pullRequest: () => viewer.show.item(repository, issue),
        }),
      });
      return { ...list, filteredCount: items.length };
    },
  };
}

/** `reviewRequests` of a `PullRequest`. */
function reviewRequestFields(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { reviewers, teams } = requestedOf(viewer.context.world, pull);
  const request = (id: string, requestedReviewer: () => unknown): Json => ({
    __typename: 'ReviewRequest',
    id: `RRQ_${id}`,
    asCodeOwner: false,
    requestedReviewer,
    pullRequest: () => viewer.show.item(repository, issue),
  });
  return {
    reviewRequests: (args: PageArgs) =>
      connection(args, {
        items: [
          ...reviewers.map((one) => request(`${pull.id}_${one.id}`, () => actorNode(viewer, one.id))),
          ...teams.map((one) => request(`${pull.id}_T${one.id}`, () => teamNode(one))),
        ],
        order: byPosition,
        node: (one) => one,
      }),
  };
}

function teamNode(team: Team): Json {
  const { id, slug, name } = team;
  return { __typename: 'Team', id: nodeId('T', id), databaseId: id, slug, name };
}

// The commits of a pull request.

/** `commits`, oldest first. */
function pullLists(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { world } = viewer.context;
  const path = `/${fullName(world, repository)}/pull/${issue.number}`;
  const commits = () => {
    const network = networkOf(world, repository);
    const shas = pullCommits(viewer.context, repository, pull);
    return shas.map((sha) => network.commits.get(sha)).filter((commit) => commit !== undefined);
  };
  const commitOfPull = (commit: Commit): Json => ({
    id: `PURC_${nodeId('C', commit.sha, issue.id).slice(2)}`,
    url: `${HTML}${path}/commits/${commit.sha}`,
    resourcePath: `${path}/commits/${commit.sha}`,
    commit: () => viewer.show.commit(repository, commit),
    pullRequest: () => viewer.show.item(repository, issue),
  });
  return {
    commits: (args: PageArgs) =>
      connection(args, { items: commits(), order: byPosition, node: commitOfPull }),
  };
}

/** A pull request. `mergeCommit` is null until merged; the head's name and sha stay when its repository is gone. */
export function pullNode(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { world } = viewer.context;
  const merged = pull.mergedAt !== null;
  const stats = () => changesOf(viewer, repository, pull);
  const head = world.state.repositories.get(pull.headRepoId);
  return {
    __typename: 'PullRequest',
    ...conversation(viewer, repository, issue, pull.id),
    state: stateOf(issue),
    isDraft: pull.draft,
    merged,
    mergedAt: isoOrNull(pull.mergedAt),
    mergedBy: () => actorNode(viewer, pull.mergedById),
    mergeCommit: () => (merged ? commitOrNull(viewer, repository, pull.mergeCommitSha) : null),
    mergeable: mergeable(issue, pull),
    additions: () => stats().additions,
    deletions: () => stats().deletions,
    changedFiles: () => stats().changedFiles,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    baseRef: () => refOrNull(viewer, repository, pull.baseRef),
    baseRepository: () => relatedRepository(viewer, repository.id),
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    headRef: () => (head ? refOrNull(viewer, head, pull.headRef) : null),
    headRepository: () => relatedRepository(viewer, pull.headRepoId),
    headRepositoryOwner: () => actorNode(viewer, head?.ownerId ?? pull.headOwnerId),
    isCrossRepository: pull.headRepoId !== repository.id,
    maintainerCanModify: false,
    reviewDecision: null,
    totalCommentsCount:
      commentCount(world, issue, viewer.context.commentLagMs) + visibleComments(pull).length,
    ...pullLists(viewer, repository, issue, pull),
    ...pullTimeline(viewer, repository, issue, pull),
    ...reviewFields(viewer, repository, issue, pull),
    ...reviewThreadFields(viewer, repository, issue, pull),
    ...reviewRequestFields(viewer, repository, issue, pull),
  };
}

function mergeable(issue: Issue, pull: Pull): string {
  if (issue.state !== 'open') return 'UNKNOWN';
  return pull.mergeable ? 'MERGEABLE' : 'CONFLICTING';
}

function commitOrNull(viewer: Reading, repository: Repository, sha: string | null): Json | null {
  const commit = networkOf(viewer.context.world, repository).commits.get(sha ?? '');
  return commit ? viewer.show.commit(repository, commit) : null;
}

function refOrNull(viewer: Reading, repository: Repository, branch: string): Json | null {
  return repository.refs.has(HEADS + branch) ? viewer.show.ref(repository, HEADS + branch) : null;
}

function changesOf(viewer: Reading, repository: Repository, pull: Pull) {
  const { commits } = networkOf(viewer.context.world, repository);
  const files = pullCommits(viewer.context, repository, pull).flatMap((sha) => commits.get(sha)?.files ?? []);
  return { ...statsOf(files), changedFiles: new Set(files.map(({ path }) => path)).size };
}
