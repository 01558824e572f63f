import { defineResource, event } from '../resource.ts';
import { commentActions } from './comment-actions.ts';
import { commentPayload } from './comment-payload.ts';
import { issueCommentRoutes } from './comment-routes.ts';

export const commentResource = defineResource({
  routes: issueCommentRoutes,
  actions: commentActions,
  events: [event(['issue_comment'], ['issues'], commentPayload)],
});
