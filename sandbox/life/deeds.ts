/** What the team does. Each deed says what it did, or null when it could not be done there. */
import { commitMessage, issueTitle, LABELS, LINE_REMARKS } from '../seed/phrases.ts';
import { teamOf } from '../seed/team.ts';
import { defaultHead } from '../resources/branches/branch.ts';
import { addComment } from '../resources/issue-comments/comment.ts';
import { openIssue } from '../resources/issues/issue.ts';
import { addLabel, assign } from '../resources/issues/issue-people.ts';
import { closeIssue, reopenIssue } from '../resources/issues/issue-state.ts';
import { fullName } from '../world/lookup.ts';
import { openPull } from '../resources/pulls/pull.ts';
import { setMilestone } from '../resources/milestones/milestones.ts';
import { createRelease } from '../resources/releases/releases.ts';
import { addReviewComment, resolveThread } from '../resources/review-comments/review-comments.ts';
import { requestReview } from '../resources/pulls/review-requests.ts';
import { visibleThreads } from '../resources/reviews/review-visibility.ts';
import { review } from '../resources/reviews/reviews.ts';
import { mergePull } from '../resources/pulls/pull-merge.ts';
import { push } from '../resources/branches/push.ts';
import type { Random } from '../world/random.ts';
import type { Account, Issue, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';

export type Deed = (world: World, repository: Repository, random: Random) => string | null;

/** Picks an issue or pull request that fits, among the latest hundred. */
function pickIssue(repository: Repository, random: Random, fits: (issue: Issue) => boolean): Issue | null {
  const found = [...repository.issues.values()].slice(-100).filter(fits);
  return found.length === 0 ? null : random.pick(found);
}

function on(world: World, repository: Repository, issue: Issue, what: string): string {
  return `${what} ${fullName(world, repository)}#${issue.number}`;
}

function somebody(world: World, random: Random): Account {
  return random.pick(teamOf(world));
}

/** Somebody who did not open it. */
function otherThan({ authorId }: Issue, world: World, random: Random): Account {
  return random.pick(teamOf(world).filter(({ id }) => id !== authorId));
}

const pushCommits: Deed = (world, repository, random) => {
  const commits = Array.from({ length: 1 + random.int(3) }, () => ({ message: commitMessage(random) }));
  push(world, repository, { commits }, somebody(world, random));
  return `push ${commits.length} to ${fullName(world, repository)}`;
};

const open: Deed = (world, repository, random) => {
  if (!repository.hasIssues) return null;
  const input = { title: issueTitle(random), labels: random.chance(0.5) ? [random.pick(LABELS)] : [] };
  return on(world, repository, openIssue(world, repository, input, somebody(world, random)), 'open');
};

const propose: Deed = (world, repository, random) => {
  if (defaultHead(repository) === null) return null;
  const by = somebody(world, random);
  const head = `${by.login}/${random.hex(6)}`;
  push(world, repository, { branch: head, commits: [{ message: commitMessage(random) }] }, by);
  return on(
    world,
    repository,
    openPull(world, repository, { head, title: commitMessage(random) }, by),
    'propose',
  );
};

const comment: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ state }) => state === 'open');
  if (!issue) return null;
  addComment(world, repository, issue, 'Looking into it.', somebody(world, random));
  return on(world, repository, issue, 'comment on');
};

const label: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ labelIds }) => labelIds.length < 2);
  if (!issue) return null;
  addLabel(world, repository, issue, random.pick(LABELS), somebody(world, random));
  return on(world, repository, issue, 'label');
};

const assignSomebody: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ assigneeIds }) => assigneeIds.length === 0);
  if (!issue) return null;
  assign(world, repository, issue, somebody(world, random), somebody(world, random));
  return on(world, repository, issue, 'assign');
};

const close: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ state, pull }) => state === 'open' && !pull);
  if (!issue) return null;
  closeIssue(world, repository, issue, {}, somebody(world, random));
  return on(world, repository, issue, 'close');
};

const reopen: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ state, pull }) => state === 'closed' && !pull);
  if (!issue) return null;
  reopenIssue(world, repository, issue, somebody(world, random));
  return on(world, repository, issue, 'reopen');
};

const mergeOne: Deed = (world, repository, random) => {
  const issue = pickIssue(
    repository,
    random,
    ({ state, pull }) => state === 'open' && pull?.mergeable === true,
  );
  if (!issue) return null;
  mergePull(world, repository, issue, somebody(world, random));
  return on(world, repository, issue, 'merge');
};

const reviewOne: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ state, pull }) => state === 'open' && pull !== null);
  if (!issue) return null;
  const verdict = random.pick(['approved', 'approved', 'changes_requested', 'commented'] as const);
  review(world, repository, issue, verdict, otherThan(issue, world, random));
  return on(world, repository, issue, 'review');
};

const askForReview: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ state, pull }) => state === 'open' && pull !== null);
  if (!issue) return null;
  requestReview(world, repository, issue, otherThan(issue, world, random), somebody(world, random));
  return on(world, repository, issue, 'ask for a review of');
};

const commentOnLine: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ state, pull }) => state === 'open' && pull !== null);
  if (!issue) return null;
  const input = { body: random.pick(LINE_REMARKS), line: 1 + random.int(99) };
  addReviewComment(world, repository, issue, input, otherThan(issue, world, random));
  return on(world, repository, issue, 'comment on a line of');
};

/** Whether a conversation about its lines is open. */
function isDiscussed({ pull }: Issue): boolean {
  return pull !== null && visibleThreads(pull).some(({ resolvedById }) => resolvedById === null);
}

const resolveOne: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, isDiscussed);
  const thread = issue?.pull && visibleThreads(issue.pull).find(({ resolvedById }) => resolvedById === null);
  if (!issue || !thread) return null;
  resolveThread(world, repository, issue, thread, true, somebody(world, random));
  return on(world, repository, issue, 'resolve a conversation of');
};

const planForMilestone: Deed = (world, repository, random) => {
  const issue = pickIssue(repository, random, ({ milestoneId }) => milestoneId === null);
  const open = [...repository.milestones.values()].filter(({ state }) => state === 'open');
  if (!issue || open.length === 0) return null;
  setMilestone(world, repository, issue, random.pick(open), somebody(world, random));
  return on(world, repository, issue, 'plan');
};

const releaseOne: Deed = (world, repository, random) => {
  if (defaultHead(repository) === null || !random.chance(0.2)) return null;
  const tagName = `v1.${repository.releases.size}.${random.int(1000)}`;
  createRelease(world, repository, { tagName, body: 'What was merged.' }, somebody(world, random));
  return `release ${tagName} of ${fullName(world, repository)}`;
};

/** Weighted by repetition: pushes and issues are the most frequent. */
export const DEEDS: Deed[] = [
  pushCommits,
  pushCommits,
  pushCommits,
  open,
  open,
  propose,
  comment,
  comment,
  label,
  assignSomebody,
  close,
  reopen,
  mergeOne,
  reviewOne,
  reviewOne,
  askForReview,
  commentOnLine,
  resolveOne,
  planForMilestone,
  releaseOne,
];
