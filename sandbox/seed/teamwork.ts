/** Half a year of a repository: commits, issues, pull requests, releases, on working days. */
import { createLabel } from '../resources/labels.ts';
import { openIssue } from '../resources/issues/issue.ts';
import { addComment } from '../resources/issue-comments.ts';
import { push } from '../resources/branches/push.ts';
import type { Account, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { growCommits } from './bulk.ts';
import { planIssue } from './issue-work.ts';
import { commitMessage, DEPENDENCIES } from './phrases.ts';
import { planForgottenPull, planPull } from './pull-work.ts';
import { planReleases } from './release-work.ts';
import { createSchedule } from './schedule.ts';
import { teamOf } from './team.ts';
import { toWork, workWeeks } from './work-time.ts';

export interface Amount {
  commits: number;
  issues: number;
  pulls: number;
  releases: boolean;
  /** pull request 2 was objected to half a year ago and is open still: what the control API's examples name */
  forgotten: boolean;
}

const WEEKS = 26;

/** This many of the commits are made in that half year, the others before. */
const RECENT_COMMITS = 0.3;

/**
 * Simulates the life of a new repository, without deliveries. Issue 1 is the one in the control API's examples.
 */
export function growTeamwork(world: World, repository: Repository, amount: Amount, by: Account): void {
  world.silently(() => {
    const { random } = world;
    const schedule = createSchedule(world);
    const to = toWork(world.clock.now());
    const from = to - workWeeks(WEEKS);
    const recent = Math.floor(amount.commits * RECENT_COMMITS);
    growCommits(world, repository, amount.commits - recent, from);
    createLabel(world, repository, DEPENDENCIES, null);
    const milestones = amount.releases ? planReleases(world, repository, schedule, { from, to }, by) : [];
    const anyTime = () => from + 600 + random.int(to - from - 600);
    if (amount.issues > 0) schedule.plan(from, () => welcome(world, repository, by));
    if (amount.forgotten) planForgottenPull(world, repository, schedule, from + 300);
    for (let at = amount.forgotten ? 1 : 0; at < amount.pulls; at += 1)
      planPull(world, repository, schedule, anyTime());
    for (let at = 1; at < amount.issues; at += 1)
      planIssue(world, repository, schedule, anyTime(), milestones);
    for (let at = 0; at < recent; at += 1) {
      const commits = [{ message: commitMessage(random) }];
      schedule.plan(anyTime(), () => push(world, repository, { commits }, random.pick(teamOf(world))));
    }
    schedule.run();
  });
}

function welcome(world: World, repository: Repository, by: Account): void {
  const issue = openIssue(world, repository, { title: 'Welcome', body: 'Say hello.', labels: ['bug'] }, by);
  addComment(world, repository, issue, 'Hello!', by);
}
