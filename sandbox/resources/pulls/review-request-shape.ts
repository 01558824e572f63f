import { type Context, HTML, type Json } from '../../world/context.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Pull, Team } from '../../world/types.ts';
import { simpleUser } from '../accounts/user-shape.ts';
import { requestedOf } from './review-request.ts';
import type { PullOccurrence } from '../issues/issue.ts';

/** OpenAPI `team-simple`. */
function teamShape({ world, api }: Context, team: Team): Json {
  const url = `${api}/organizations/${team.organizationId}/team/${team.id}`;
  const login = world.state.accounts.get(team.organizationId)?.login ?? '';
  return {
    id: team.id,
    node_id: nodeId('T', team.id),
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
