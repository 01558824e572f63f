import { demand } from '../../graphql/viewer.ts';
import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { visibleThreads } from '../reviews/review-visibility.ts';
import { reviewCommentActions } from './review-comment-actions.ts';
import { reviewCommentPayload, reviewThreadPayload } from './review-comment-payload.ts';
import { reviewCommentRoutes } from './review-comment-routes.ts';
import { reviewThreadNode } from './review-thread-node.ts';

/** Comments on lines, and the conversations they make. */
export const reviewCommentResource = defineResource({
  routes: reviewCommentRoutes,
  actions: reviewCommentActions,
  nodes: {
    PRRT: (viewer, repository, id) => {
      demand(viewer, repository, 'pull_requests');
      for (const issue of repository.issues.values()) {
        const thread = issue.pull && visibleThreads(issue.pull).find((one) => one.id === id);
        if (thread) return reviewThreadNode(viewer, repository, issue, thread);
      }
      return null;
    },
  },
  events: [
    event(['pull_request_review_comment'], ['pull_requests'], reviewCommentPayload),
    event(['pull_request_review_thread'], ['pull_requests'], reviewThreadPayload),
  ],
});
