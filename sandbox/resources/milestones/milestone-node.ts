/** Milestones by GraphQL. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { demand, type Reading } from '../../graphql/viewer.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { findMilestone, issuesOf, type Milestone } from './milestone.ts';

interface MilestoneArgs extends PageArgs {
  states?: readonly string[] | null;
  orderBy?: { field: 'CREATED_AT' | 'DUE_DATE' | 'NUMBER' | 'UPDATED_AT'; direction: 'ASC' | 'DESC' } | null;
  query?: string | null;
}

const ORDERS: Record<string, (milestone: Milestone) => number> = {
  CREATED_AT: (one) => one.createdAt,
  DUE_DATE: (one) => one.dueOn ?? Number.MAX_SAFE_INTEGER,
  NUMBER: (one) => one.number,
  UPDATED_AT: (one) => one.updatedAt,
};

/** `milestone` and `milestones` of a `Repository`. */
export function milestoneFields(viewer: Reading, repository: Repository): Json {
  return {
    milestone: (args: { number: number }) => {
      const milestone = findMilestone(repository, args.number);
      return milestone && milestoneNode(viewer, repository, milestone);
    },
    milestones: (args: MilestoneArgs) => {
      demand(viewer, repository, 'issues', 'pull_requests');
      const { states, orderBy, query } = args;
      const key = ORDERS[orderBy?.field ?? 'NUMBER'] ?? ((one: Milestone) => one.number);
      const sign = orderBy?.direction === 'DESC' ? -1 : 1;
      const items = [...repository.milestones.values()]
        .filter((one) => !states || states.includes(one.state.toUpperCase()))
        .filter((one) => one.title.toLowerCase().includes(query?.toLowerCase() ?? ''))
        .sort((a, b) => sign * (key(a) - key(b) || a.number - b.number));
      const node = (one: Milestone) => milestoneNode(viewer, repository, one);
      return connection(args, { items, order: byPosition, node });
    },
  };
}

/** `Milestone`. */
export function milestoneNode(viewer: Reading, repository: Repository, milestone: Milestone): Json {
  const { world } = viewer.context;
  const path = `/${fullName(world, repository)}/milestone/${milestone.number}`;
  const issues = issuesOf(world, repository, milestone);
  const closed = issues.filter(({ state }) => state === 'closed').length;
  const items = (pulls: boolean) => (args: PageArgs) =>
    connection(args, {
      items: issues.filter(({ pull }) => (pull !== null) === pulls),
      order: byPosition,
      node: (issue) => viewer.show.item(repository, issue),
    });
  return {
    __typename: 'Milestone',
    id: nodeId('MI', milestone.id, repository.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    state: milestone.state.toUpperCase(),
    closed: milestone.state === 'closed',
    createdAt: iso(milestone.createdAt),
    updatedAt: iso(milestone.updatedAt),
    closedAt: isoOrNull(milestone.closedAt),
    dueOn: isoOrNull(milestone.dueOn),
    progressPercentage: issues.length === 0 ? 0 : (100 * closed) / issues.length,
    creator: () => actorNode(viewer, milestone.creatorId),
    url: HTML + path,
    resourcePath: path,
    repository: () => viewer.show.repository(repository),
    issues: items(false),
    pullRequests: items(true),
  };
}
