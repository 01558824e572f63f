/** How the team works on issues: questions and answers, most closed within days, some after weeks, few forgotten. */
import { type Milestone } from '../resources/milestones/milestone.ts';
import { addComment } from '../resources/issue-comments.ts';
import { openIssue, closeIssue, setMilestone } from '../resources/issues/issue.ts';
import type { Issue, Repository } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { ANSWERS, issueTitle, LABELS } from './phrases.ts';
import type { Schedule } from './schedule.ts';
import { teamOf } from './team.ts';
import { workHours, workWeeks } from './work-time.ts';

/** Plans an issue from its opening at a time of work to its end. */
export function planIssue(
  world: World,
  repository: Repository,
  schedule: Schedule,
  opens: number,
  milestones: Milestone[],
): void {
  const { random } = world;
  const team = teamOf(world);
  const by = random.pick(team);
  const assignee = random.pick(team);
  let issue: Issue | null = null;
  schedule.plan(opens, () => {
    const title = issueTitle(random);
    const labels = random.chance(0.7) ? [random.pick(LABELS)] : [];
    const assignees = random.chance(0.4) ? [assignee.login] : [];
    const body = random.chance(0.8) ? `${title}, as ${by.login} found out.` : null;
    issue = openIssue(world, repository, { title, body, labels, assignees }, by);
    if (random.chance(0.3)) issue.type = random.pick(['Bug', 'Feature', 'Task']);
    if (milestones.length > 0 && random.chance(0.3))
      setMilestone(world, repository, issue, random.pick(milestones), by);
  });
  let time = opens;
  for (let comment = random.int(4); comment > 0; comment -= 1) {
    time += workHours(0.3 + 20 * random.next() ** 2);
    schedule.plan(time, () => {
      if (issue) addComment(world, repository, issue, random.pick(ANSWERS), random.pick(team));
    });
  }
  if (random.chance(0.03)) return; // forgotten
  const takes = random.chance(0.2) ? workWeeks(1 + random.int(12)) : workHours(1 + 120 * random.next() ** 2);
  schedule.plan(time + takes, () => {
    const reason = random.chance(0.85) ? 'completed' : 'not_planned';
    if (issue) closeIssue(world, repository, issue, { reason }, assignee);
  });
}
