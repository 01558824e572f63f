import type { RepositoryRoute } from '../../http/call.ts';
import { pullRow, whilePullsAreOn } from './pull-row.ts';
import { requestedFields } from './review-request-shape.ts';

export const reviewRequestRoutes: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/pulls/:number/requested_reviewers',
    permission: 'pull_requests',
    handler: whilePullsAreOn((call) => {
      const fields = requestedFields(call.context, pullRow(call).pull);
      return { body: { users: fields['requested_reviewers'], teams: fields['requested_teams'] } };
    }),
  },
];
