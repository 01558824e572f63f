/** How the team works on pull requests: hours to days until a review, some rounds of it, bots, a few that are forgotten. */
import { addReviewComment, resolveThread } from '../resources/review-comments/review-comment.ts';
import { requestReview } from '../resources/pulls/review-request.ts';
import { review } from '../resources/reviews/review.ts';
import { addComment } from '../resources/issue-comments.ts';
import { closeIssue } from '../resources/issues/issue.ts';
import { openPull, setDraft } from '../resources/pulls/pull.ts';
import { mergePull } from '../resources/pulls/pull-merge.ts';
import { push } from '../resources/branches/push.ts';
import type { Account, ChangedFile, Issue, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { bumpTitle, changePath, commitMessage, LINE_REMARKS, VERDICT_REMARKS } from './phrases.ts';
import type { Schedule } from './schedule.ts';
import { botsOf, teamOf } from './team.ts';
import { workHours } from './work-time.ts';

interface Pulled {
  world: World;
  repository: Repository;
  author: Account;
  head: string;
  issue: Issue | null;
}

/** Plans a pull request from its opening at a time of work to its end. */
export function planPull(world: World, repository: Repository, schedule: Schedule, opens: number): void {
  const { random } = world;
  const [dependabot, actions] = botsOf(world);
  const byBot = random.chance(0.12) && dependabot !== undefined;
  const author = byBot ? dependabot : random.pick(teamOf(world));
  const at: Pulled = {
    world,
    repository,
    author,
    head: `${author.login.replace('[bot]', '')}/${random.hex(6)}`,
    issue: null,
  };
  const draft = !byBot && random.chance(0.15);
  schedule.plan(opens, () => open(at, byBot, draft));
  if (actions && random.chance(0.25)) {
    schedule.plan(opens + 60, () => remark(at, actions, 'Coverage: 87.4 % (+0.1 %)'));
  }
  if (byBot) {
    if (random.chance(0.95))
      schedule.plan(opens + hours(at, 2, 40), () => merge(at, random.pick(teamOf(world))));
    return;
  }
  const ready = draft ? opens + hours(at, 3, 30) : opens;
  if (draft)
    schedule.plan(ready, () => withIssue(at, (issue) => setDraft(world, repository, issue, false, author)));
  planReviews(at, schedule, ready);
}

/** Plans a pull request that was opened, objected to, and is open still. */
export function planForgottenPull(
  world: World,
  repository: Repository,
  schedule: Schedule,
  opens: number,
): void {
  const [author, reviewer] = teamOf(world);
  if (!author || !reviewer) return;
  const at: Pulled = { world, repository, author, head: 'big-rewrite', issue: null };
  schedule.plan(opens, () => open(at, false, false));
  schedule.plan(opens + workHours(9), () => objectTo(at, reviewer));
}

function hours({ world }: Pulled, least: number, most: number): number {
  // The square makes short waits frequent and long ones rare.
  return workHours(least + (most - least) * world.random.next() ** 2);
}

function planReviews(at: Pulled, schedule: Schedule, ready: number): void {
  const { world, repository, author } = at;
  const { random } = world;
  const others = teamOf(world).filter((one) => one !== author);
  const reviewer = random.pick(others);
  schedule.plan(ready + 120, () =>
    withIssue(at, (issue) => requestReview(world, repository, issue, reviewer, author)),
  );
  if (random.chance(0.03)) return;
  let time = ready + hours(at, 0.5, 18);
  const rounds = random.chance(0.3) ? 1 + random.int(2) : 0;
  for (let round = 0; round < rounds; round += 1) {
    schedule.plan(time, () => objectTo(at, reviewer));
    time += hours(at, 1, 12);
    schedule.plan(time, () => improve(at));
    time += hours(at, 0.5, 10);
  }
  if (random.chance(0.06)) {
    schedule.plan(time, () => withIssue(at, (issue) => closeIssue(world, repository, issue, {}, author)));
    return;
  }
  if (random.chance(0.35))
    schedule.plan(time - 60, () => withIssue(at, (issue) => ask(at, issue, random.pick(others))));
  schedule.plan(time, () => approve(at, reviewer));
  if (random.chance(0.05)) return;
  schedule.plan(time + hours(at, 0.2, 15), () => merge(at, random.chance(0.7) ? author : reviewer));
}

function open(at: Pulled, byBot: boolean, draft: boolean): void {
  const { world, repository, author, head } = at;
  const { random } = world;
  const count = byBot ? 1 : 1 + random.int(4);
  const began = world.clock.now() - random.int(3 * 86_400);
  const commits = Array.from({ length: count }, (_, index) => ({
    message: commitMessage(random),
    author: { date: began + Math.floor(((world.clock.now() - began) * index) / count) },
    committer: {},
    files: changedFiles(world),
  }));
  push(world, repository, { branch: head, commits }, author);
  const title = byBot ? bumpTitle(random) : commitMessage(random);
  const labels = byBot ? ['dependencies'] : [];
  at.issue = openPull(world, repository, { head, title, draft, labels, body: `${title}.` }, author);
}

function changedFiles({ random }: World): ChangedFile[] {
  return Array.from({ length: 1 + random.int(5) }, () => ({
    path: changePath(random),
    status: 'modified' as const,
    additions: 1 + Math.floor(120 * random.next() ** 3),
    deletions: Math.floor(60 * random.next() ** 3),
  }));
}

/** While it is open. */
function withIssue({ issue }: Pulled, step: (issue: Issue) => void): void {
  if (issue?.state === 'open') step(issue);
}

function remark(at: Pulled, by: Account, text: string): void {
  withIssue(at, (issue) => addComment(at.world, at.repository, issue, text, by));
}

function ask({ world, repository, author }: Pulled, issue: Issue, by: Account): void {
  const first = addReviewComment(
    world,
    repository,
    issue,
    { body: world.random.pick(LINE_REMARKS), line: 1 + world.random.int(200) },
    by,
  );
  if (world.random.chance(0.7))
    addReviewComment(world, repository, issue, { body: 'Done.', inReplyTo: first.id }, author);
}

function objectTo(at: Pulled, by: Account): void {
  withIssue(at, (issue) => {
    ask(at, issue, by);
    review(at.world, at.repository, issue, 'changes_requested', by, at.world.random.pick(VERDICT_REMARKS));
  });
}

/** The author answers with commits and resolves most conversations. */
function improve(at: Pulled): void {
  const { world, repository, author, head } = at;
  withIssue(at, (issue) => {
    const commits = [{ message: 'Address the review', files: changedFiles(world) }];
    push(world, repository, { branch: head, commits }, author);
    for (const thread of issue.pull?.threads ?? [])
      if (world.random.chance(0.8)) resolveThread(world, repository, issue, thread, true, author);
  });
}

function approve({ world, repository, ...at }: Pulled, by: Account): void {
  withIssue({ world, repository, ...at }, (issue) => review(world, repository, issue, 'approved', by, ''));
}

function merge(at: Pulled, by: Account): void {
  const { world, repository, head } = at;
  withIssue(at, (issue) => {
    mergePull(world, repository, issue, by, world.random.chance(0.85) ? 'squash' : 'merge');
    repository.refs.delete(`refs/heads/${head}`);
  });
}
