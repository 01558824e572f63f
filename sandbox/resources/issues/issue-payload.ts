import type { Context, Json } from '../../world/context.ts';
import { repositoryShape } from '../repositories/repository-shape.ts';
import { issueExtras } from './issue-extras.ts';
import { issueTypePayload } from './issue-relations.ts';
import { issueShape } from './issue-shape.ts';
import type { IssuesOccurrence } from './issue.ts';

export function issuePayload(context: Context, occurrence: IssuesOccurrence): Json {
  const { issue, repository, moved, action, issueType } = occurrence;
  const age = action === 'transferred' ? 'new' : 'old';
  return {
    issue: issueShape(context, repository, issue),
    ...issueExtras(context, occurrence),
    ...(issueType !== undefined && issueTypePayload(issueType)),
    ...(moved && {
      changes: {
        [`${age}_issue`]: issueShape(context, moved.repository, moved.issue),
        [`${age}_repository`]: repositoryShape(context, moved.repository),
      },
    }),
  };
}
