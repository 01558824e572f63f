import type { Context, Json } from '../../world/context.ts';
import type { IssueCommentOccurrence } from '../../world/occurrence.ts';
import { issueShape } from '../issues/issue-shape.ts';
import { commentShape } from './comment-shape.ts';

export function commentPayload(context: Context, occurrence: IssueCommentOccurrence): Json {
  const { repository, issue, comment, changes } = occurrence;
  return {
    issue: issueShape(context, repository, issue),
    comment: commentShape(context, repository, issue, comment),
    ...(changes && { changes }),
  };
}
