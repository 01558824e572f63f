/** Whose review is asked for: people and teams. */
import { WorldError } from '../../world/errors.ts';
import type { Account, Issue, Pull, Repository, Team } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { announceIssue, changedIssue, type PullOccurrence } from '../issues/issue.ts';

/** The organisation's team of that slug, made when missing. */
export function teamNamed(world: World, organizationId: number, slug: string): Team {
  for (const team of world.state.teams.values())
    if (team.organizationId === organizationId && team.slug === slug) return team;
  const team = { id: world.nextId('team', 13_000_000), organizationId, slug, name: slug };
  world.state.teams.set(team.id, team);
  return team;
}

export function changeRequest(
  world: World,
  repository: Repository,
  issue: Issue,
  requested: NonNullable<PullOccurrence['requested']>,
  asked: boolean,
  by: Account,
): void {
  const { pull } = issue;
  if (!pull) throw new WorldError(`#${issue.number} is no pull request`);
  const [key, id] =
    'team' in requested
      ? (['requestedTeamIds', requested.team.id] as const)
      : (['requestedReviewerIds', requested.reviewer.id] as const);
  if (pull[key].includes(id) === asked) return;
  pull[key] = asked ? [...pull[key], id] : pull[key].filter((one) => one !== id);
  changedIssue(world, repository, issue);
  const what = asked ? 'review_requested' : 'review_request_removed';
  announceIssue(world, repository, issue, what, by, { requested });
}

/** Requests reviews; each causes its own event. Throws WorldError for the pull request's author. */
export function requestReview(
  world: World,
  repository: Repository,
  issue: Issue,
  reviewer: Account,
  by: Account,
): void {
  if (reviewer.id === issue.authorId)
    throw new WorldError('Review cannot be requested from pull request author.');
  changeRequest(world, repository, issue, { reviewer }, true, by);
}

/** People who are still there, and teams. */
export function requestedOf(world: World, pull: Pull): { reviewers: Account[]; teams: Team[] } {
  const { accounts, teams } = world.state;
  const live = pull.requestedReviewerIds.map((id) => accounts.get(id)).filter((one) => one !== undefined);
  return {
    reviewers: live.filter(({ deleted }) => !deleted),
    teams: pull.requestedTeamIds.map((id) => teams.get(id)).filter((one) => one !== undefined),
  };
}
