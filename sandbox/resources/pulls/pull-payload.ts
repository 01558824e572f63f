import type { Context, Json } from '../../world/context.ts';
import { issueExtras } from '../issues/issue-extras.ts';
import { pullDetail } from './pull-shape.ts';
import { requestedPayload } from './review-request-shape.ts';
import type { PullOccurrence } from '../issues/issue.ts';

export function pullPayload(context: Context, occurrence: PullOccurrence): Json {
  const { repository, issue, before, after, requested } = occurrence;
  return {
    number: issue.number,
    pull_request: issue.pull && pullDetail(context, repository, issue, issue.pull),
    ...issueExtras(context, occurrence),
    ...(requested && requestedPayload(context, requested)),
    ...(before !== undefined && { before, after }),
  };
}
