import { iso, isoOrNull } from '../../world/clock.ts';
import { type Context, HTML, type Json } from '../../world/context.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { userOrNull } from '../accounts/user-shape.ts';
import { issuesOf, type Milestone } from './milestone.ts';

/** OpenAPI `milestone`. */
export function milestoneShape(context: Context, repository: Repository, milestone: Milestone): Json {
  const name = fullName(context.world, repository);
  const url = `${context.api}/repos/${name}/milestones/${milestone.number}`;
  const issues = issuesOf(context.world, repository, milestone);
  const open = issues.filter(({ state }) => state === 'open').length;
  return {
    url,
    html_url: `${HTML}/${name}/milestone/${milestone.number}`,
    labels_url: `${url}/labels`,
    id: milestone.id,
    node_id: nodeId('MI', milestone.id, repository.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    creator: userOrNull(context, milestone.creatorId),
    open_issues: open,
    closed_issues: issues.length - open,
    state: milestone.state,
    created_at: iso(milestone.createdAt),
    updated_at: iso(milestone.updatedAt),
    due_on: isoOrNull(milestone.dueOn),
    closed_at: isoOrNull(milestone.closedAt),
  };
}

/** The milestone of an issue as issues carry it. */
export function milestoneOrNull(context: Context, repository: Repository, id: number | null): Json | null {
  const milestone = repository.milestones.get(id ?? 0);
  return milestone ? milestoneShape(context, repository, milestone) : null;
}
