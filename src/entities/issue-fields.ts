import { z } from 'zod';
import {
  authorOf,
  author,
  body,
  id,
  labelNames,
  logins,
  number,
  text,
  textIfShown,
  time,
  timeOrNull,
} from './fields.ts';

/** What GitHub's issues and pull requests have in common. */
export const issueFields = {
  id,
  number,
  title: text,
  body,
  /** some payloads omit it */
  state: z.enum(['open', 'closed']).optional(),
  user: author,
  labels: labelNames,
  assignees: logins,
  created_at: time,
  updated_at: time,
  closed_at: timeOrNull,
  author_association: textIfShown,
  milestone: z
    .object({ id })
    .nullish()
    .catch(undefined)
    .transform((milestone) => (milestone ? milestone.id : milestone)),
};

type IssueLike = z.output<z.ZodObject<typeof issueFields>>;

/** References in the rows of issues and pull requests. */
export const issueReferences = [{ entity: 'milestones', column: 'milestone_id' }];

/** Columns that the rows of issues and pull requests have in common. */
export function issueColumns(answer: IssueLike) {
  const inferred: 'open' | 'closed' = answer.closed_at === null ? 'open' : 'closed';
  return {
    id: answer.id,
    number: answer.number,
    title: answer.title,
    body: answer.body,
    state: answer.state ?? inferred,
    labels: answer.labels,
    assignees: answer.assignees,
    created_at: answer.created_at,
    updated_at: answer.updated_at,
    closed_at: answer.closed_at,
    author_association: answer.author_association,
    milestone_id: answer.milestone,
    ...authorOf(answer.user),
  };
}
