/** Milestones by REST. */
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { choice } from '../../http/choice.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { findMilestone } from './find-milestone.ts';
import { milestoneShape } from './milestone-shape.ts';
import { issuesOf, type Milestone } from './milestone.ts';

/** Only open ones unless asked otherwise, those due first before those due later or never. */
function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  const state = choice(query, 'state', ['open', 'closed', 'all'], 'open');
  const sort = choice(query, 'sort', ['due_on', 'completeness'], 'due_on');
  const sign = choice(query, 'direction', ['asc', 'desc'], 'asc') === 'asc' ? 1 : -1;
  const done = (one: Milestone): number => {
    const issues = issuesOf(context.world, repository, one);
    return issues.filter((issue) => issue.state === 'closed').length / Math.max(1, issues.length);
  };
  const key = (one: Milestone) =>
    sort === 'completeness' ? done(one) : (one.dueOn ?? Number.MAX_SAFE_INTEGER);
  const all = [...repository.milestones.values()]
    .filter((one) => state === 'all' || one.state === state)
    .sort((a, b) => sign * (key(a) - key(b)) || a.number - b.number);
  const { items, headers } = paged(call, base, all);
  return { headers, body: items.map((one) => milestoneShape(context, repository, one)) };
}

function get({ context, repository, params }: RepositoryCall): Answer {
  const milestone = findMilestone(repository, Number(params['number']));
  if (!milestone) throw notFound();
  return { body: milestoneShape(context, repository, milestone) };
}

export const milestoneRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/milestones', permission: 'issues_or_pulls', handler: list },
  { method: 'GET', path: '/milestones/:number', permission: 'issues_or_pulls', handler: get },
];
