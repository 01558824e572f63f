import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import type { Reading } from '../../graphql/viewer.ts';
import type { Json } from '../../world/context.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Pull, Repository, Team } from '../../world/types.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { requestedOf } from './review-request.ts';

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
  return { __typename: 'Team', id: nodeId('T', id), databaseId: id, slug, name };
}
