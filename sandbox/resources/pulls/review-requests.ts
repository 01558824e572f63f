/** Whose review is asked for: people and teams. */
import { z } from 'zod';
import { action } from '../../control/action.ts';
import { by, issueTarget, number, repo } from '../../control/inputs.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { actorNode } from '../repositories/related-repository.ts';
import type { Reading } from '../../graphql/viewer.ts';
import type { RepositoryRoute } from '../../http/call.ts';
import { pullRow, whilePullsAreOn } from './pull-row.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { simpleUser } from '../accounts/user-shape.ts';
import { WorldError } from '../../world/errors.ts';
import { announceIssue, changedIssue } from '../issues/issue.ts';
import { needAccount } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { PullOccurrence } from '../../world/occurrence.ts';
import type { Account, Issue, Pull, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

export interface Team {
  id: number;
  organizationId: number;
  slug: string;
  name: string;
}

/** The organisation's team of that slug, made when missing. */
function teamNamed(world: World, organizationId: number, slug: string): Team {
  for (const team of world.state.teams.values())
    if (team.organizationId === organizationId && team.slug === slug) return team;
  const team = { id: world.nextId('team'), organizationId, slug, name: slug };
  world.state.teams.set(team.id, team);
  return team;
}

function change(
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

/** Asks somebody for a review; each is told as an event of its own. Throws WorldError for the pull request's author. */
export function requestReview(
  world: World,
  repository: Repository,
  issue: Issue,
  reviewer: Account,
  by: Account,
): void {
  if (reviewer.id === issue.authorId)
    throw new WorldError('Review cannot be requested from pull request author.');
  change(world, repository, issue, { reviewer }, true, by);
}

/** People who are still there, and teams. */
function requestedOf(world: World, pull: Pull): { reviewers: Account[]; teams: Team[] } {
  const { accounts, teams } = world.state;
  const live = pull.requestedReviewerIds.map((id) => accounts.get(id)).filter((one) => one !== undefined);
  return {
    reviewers: live.filter(({ deleted }) => !deleted),
    teams: pull.requestedTeamIds.map((id) => teams.get(id)).filter((one) => one !== undefined),
  };
}

/** OpenAPI `team-simple`. */
function teamShape({ world, api }: Context, team: Team): Json {
  const url = `${api}/organizations/${team.organizationId}/team/${team.id}`;
  const login = world.state.accounts.get(team.organizationId)?.login ?? '';
  return {
    id: team.id,
    node_id: nodeId('team', team.id),
    url,
    members_url: `${url}/members{/member}`,
    name: team.name,
    description: '',
    permission: 'pull',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    html_url: `${HTML}/orgs/${login}/teams/${team.slug}`,
    repositories_url: `${url}/repos`,
    slug: team.slug,
    type: 'organization',
    organization_id: team.organizationId,
    parent: null,
  };
}

/** `requested_reviewers` and `requested_teams` of every pull request. */
export function requestedFields(context: Context, pull: Pull): Json {
  const { reviewers, teams } = requestedOf(context.world, pull);
  return {
    requested_reviewers: reviewers.map((one) => simpleUser(context, one)),
    requested_teams: teams.map((one) => teamShape(context, one)),
  };
}

/** What `review_requested` and `review_request_removed` carry beside the pull request. */
export function requestedPayload(
  context: Context,
  requested: NonNullable<PullOccurrence['requested']>,
): Json {
  return 'team' in requested
    ? { requested_team: teamShape(context, requested.team) }
    : { requested_reviewer: simpleUser(context, requested.reviewer) };
}

export const reviewRequestRoutes: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/pulls/:number/requested_reviewers',
    permission: 'pull_requests',
    handler: whilePullsAreOn((call) => {
      const fields = requestedFields(call.context, pullRow(call).pull);
      return { body: { users: fields['requested_reviewers'], teams: fields['requested_teams'] } };
    }),
  },
];

/** `reviewRequests` of a `PullRequest`. */
export function reviewRequestFields(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
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
  return { __typename: 'Team', id: nodeId('team', id), databaseId: id, slug, name };
}

const one = { repo, number, by };
const example = { repo: 'octo-sandbox/app', number: 2 };
const whom = { reviewers: z.array(z.string()).default([]), teams: z.array(z.string()).default([]) };

function changeAll(
  world: World,
  input: z.output<z.ZodObject<typeof one & typeof whom>>,
  asked: boolean,
): { pull: Pull } {
  const { repository, issue, who } = issueTarget(world, input);
  for (const login of input.reviewers) {
    const reviewer = needAccount(world, login);
    if (asked) requestReview(world, repository, issue, reviewer, who);
    else change(world, repository, issue, { reviewer }, false, who);
  }
  for (const slug of input.teams)
    change(world, repository, issue, { team: teamNamed(world, repository.ownerId, slug) }, asked, who);
  if (!issue.pull) throw new WorldError(`#${issue.number} is no pull request`);
  return { pull: issue.pull };
}

export const reviewRequestActions = {
  requestReview: action({
    about: 'Ask people and teams (made when missing) for a review.',
    example: { ...example, teams: ['reviewers'] },
    input: z.object({ ...one, ...whom }),
    run: ({ world }, input) => changeAll(world, input, true),
    show: (context, { pull }) => requestedFields(context, pull),
  }),
  removeReviewRequest: action({
    about: 'Ask people and teams for a review no longer.',
    example: { ...example, teams: ['reviewers'] },
    input: z.object({ ...one, ...whom }),
    run: ({ world }, input) => changeAll(world, input, false),
    show: (context, { pull }) => requestedFields(context, pull),
  }),
};
