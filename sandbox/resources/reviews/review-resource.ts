import { demand } from '../../graphql/viewer.ts';
import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { reviewActions } from './review-actions.ts';
import { reviewNode } from './review-node.ts';
import { reviewPayload } from './review-payload.ts';
import { reviewRoutes } from './review-routes.ts';
import { submittedReviews } from './review-visibility.ts';

export const reviewResource = defineResource({
  routes: reviewRoutes,
  actions: reviewActions,
  nodes: {
    PRR: (viewer, repository, id) => {
      demand(viewer, repository, 'pull_requests');
      for (const issue of repository.issues.values()) {
        const review = issue.pull && submittedReviews(issue.pull).find((one) => one.id === id);
        if (review) return reviewNode(viewer, repository, issue, review);
      }
      return null;
    },
  },
  events: [event(['pull_request_review'], ['pull_requests'], reviewPayload)],
});
