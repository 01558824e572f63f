import type { Context, Json } from '../../world/context.ts';
import { simpleUser } from '../accounts/user-shape.ts';
import { labelShape } from '../labels.ts';
import { milestoneShape } from '../milestones/milestone-shape.ts';
import type { IssuesOccurrence, PullOccurrence } from './issue.ts';

/** What both kinds of issues carry beside themselves. */
export function issueExtras(
  context: Context,
  { repository, changes, label, assignee, milestone }: IssuesOccurrence | PullOccurrence,
): Json {
  return {
    ...(changes && { changes }),
    ...(label && { label: labelShape(context, repository, label) }),
    ...(assignee && { assignee: simpleUser(context, assignee) }),
    ...(milestone && { milestone: milestoneShape(context, repository, milestone) }),
  };
}
