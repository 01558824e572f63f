/** What the team does. Each action tells what it did, or null when it could not be done there. */
import { ANSWERS, commitMessage, issueTitle, LABELS, LINE_REMARKS } from '../seed/phrases.ts';
import { teamOf } from '../seed/team.ts';
import { defaultHead } from '../resources/branches/branch.ts';
import { addComment } from '../resources/issue-comments.ts';
import { openIssue, closeIssue, reopenIssue, setMilestone } from '../resources/issues/issue.ts';
import { addLabel, assign } from '../resources/issues/issue-people.ts';
import { fullName } from '../world/lookup.ts';
import { openPull } from '../resources/pulls/pull.ts';
import { createRelease } from '../resources/releases/release.ts';
import { addReviewComment, resolveThread } from '../resources/review-comments/review-comment.ts';
import { requestReview } from '../resources/pulls/review-request.ts';
import { visibleThreads } from '../resources/reviews/review-visibility.ts';
import { review } from '../resources/reviews/review.ts';
import { mergePull } from '../resources/pulls/pull-merge.ts';
import { push } from '../resources/branches/push.ts';
import type { Random } from '../world/random.ts';
import type { Account, Issue, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';

export type TeamAction = (world: World, repository: Repository, random: Random) => string | null;

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Nobody reads what was written this moment. */
const READ_AFTER = HOUR / 3;
/** A change is thought over before it is merged, a question before it is closed. */
const DECIDED_AFTER = 3 * HOUR;
/** Older ones are ignored. */
const CURRENT = 30 * DAY;
const CLOSED_LATELY = 7 * DAY;

/** Picks a matching issue or pull request, opened at least this many seconds and at most a month ago. */
function pickIssue(
  { clock }: World,
  { issues }: Repository,
  random: Random,
  fits: (issue: Issue) => boolean,
  after = 0,
): Issue | null {
  const now = clock.now();
  const found = [...issues.values()].filter(
    (issue) => issue.createdAt <= now - after && issue.createdAt >= now - CURRENT && fits(issue),
  );
  return found.length === 0 ? null : random.pick(found);
}

function isOpenPull({ state, pull }: Issue): boolean {
  return state === 'open' && pull !== null;
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

const pushCommit: TeamAction = (world, repository, random) => {
  push(world, repository, { commits: [{ message: commitMessage(random) }] }, somebody(world, random));
  return `push to ${fullName(world, repository)}`;
};

const open: TeamAction = (world, repository, random) => {
  if (!repository.hasIssues) return null;
  const input = { title: issueTitle(random), labels: random.chance(0.5) ? [random.pick(LABELS)] : [] };
  return on(world, repository, openIssue(world, repository, input, somebody(world, random)), 'open');
};

const propose: TeamAction = (world, repository, random) => {
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

const comment: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, ({ state }) => state === 'open');
  if (!issue) return null;
  addComment(world, repository, issue, random.pick(ANSWERS), somebody(world, random));
  return on(world, repository, issue, 'comment on');
};

const label: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, ({ labelIds }) => labelIds.length < 2);
  if (!issue) return null;
  addLabel(world, repository, issue, random.pick(LABELS), somebody(world, random));
  return on(world, repository, issue, 'label');
};

const assignSomebody: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, ({ assigneeIds }) => assigneeIds.length === 0);
  if (!issue) return null;
  assign(world, repository, issue, somebody(world, random), somebody(world, random));
  return on(world, repository, issue, 'assign');
};

const close: TeamAction = (world, repository, random) => {
  const issue = pickIssue(
    world,
    repository,
    random,
    ({ state, pull }) => state === 'open' && !pull,
    DECIDED_AFTER,
  );
  if (!issue) return null;
  closeIssue(world, repository, issue, {}, somebody(world, random));
  return on(world, repository, issue, 'close');
};

const reopen: TeamAction = (world, repository, random) => {
  const issue = pickIssue(
    world,
    repository,
    random,
    ({ state, closedAt, pull }) =>
      state === 'closed' && !pull && (closedAt ?? 0) > world.clock.now() - CLOSED_LATELY,
  );
  if (!issue) return null;
  reopenIssue(world, repository, issue, somebody(world, random));
  return on(world, repository, issue, 'reopen');
};

const mergeOne: TeamAction = (world, repository, random) => {
  const issue = pickIssue(
    world,
    repository,
    random,
    ({ state, pull }) => state === 'open' && pull?.mergeable === true,
    DECIDED_AFTER,
  );
  if (!issue) return null;
  mergePull(world, repository, issue, somebody(world, random));
  return on(world, repository, issue, 'merge');
};

const reviewOne: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, isOpenPull, READ_AFTER);
  if (!issue) return null;
  const verdict = random.pick(['approved', 'approved', 'changes_requested', 'commented'] as const);
  review(world, repository, issue, verdict, otherThan(issue, world, random));
  return on(world, repository, issue, 'review');
};

const askForReview: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, isOpenPull);
  if (!issue) return null;
  requestReview(world, repository, issue, otherThan(issue, world, random), somebody(world, random));
  return on(world, repository, issue, 'ask for a review of');
};

const commentOnLine: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, isOpenPull, READ_AFTER);
  if (!issue) return null;
  const input = { body: random.pick(LINE_REMARKS), line: 1 + random.int(99) };
  addReviewComment(world, repository, issue, input, otherThan(issue, world, random));
  return on(world, repository, issue, 'comment on a line of');
};

/** Whether a conversation about its lines is open. */
function isDiscussed({ pull }: Issue): boolean {
  return pull !== null && visibleThreads(pull).some(({ resolvedById }) => resolvedById === null);
}

const resolveOne: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, isDiscussed);
  const thread = issue?.pull && visibleThreads(issue.pull).find(({ resolvedById }) => resolvedById === null);
  if (!issue || !thread) return null;
  resolveThread(world, repository, issue, thread, true, somebody(world, random));
  return on(world, repository, issue, 'resolve a conversation of');
};

const planForMilestone: TeamAction = (world, repository, random) => {
  const issue = pickIssue(world, repository, random, ({ milestoneId }) => milestoneId === null);
  const open = [...repository.milestones.values()].filter(({ state }) => state === 'open');
  if (!issue || open.length === 0) return null;
  setMilestone(world, repository, issue, random.pick(open), somebody(world, random));
  return on(world, repository, issue, 'plan');
};

const releaseOne: TeamAction = (world, repository, random) => {
  if (defaultHead(repository) === null || !random.chance(0.05)) return null;
  const tagName = `v1.${repository.releases.size}.${random.int(1000)}`;
  createRelease(world, repository, { tagName, body: 'What was merged.' }, somebody(world, random));
  return `release ${tagName} of ${fullName(world, repository)}`;
};

/** Weighted by repetition: people talk more than they decide. */
export const TEAM_ACTIONS: TeamAction[] = [
  pushCommit,
  pushCommit,
  open,
  open,
  propose,
  comment,
  comment,
  comment,
  label,
  assignSomebody,
  close,
  close,
  reopen,
  mergeOne,
  mergeOne,
  reviewOne,
  reviewOne,
  askForReview,
  commentOnLine,
  resolveOne,
  resolveOne,
  planForMilestone,
  releaseOne,
];
