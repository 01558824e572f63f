import { demand } from '../../graphql/viewer.ts';
import { itemOf } from '../issues/item-of.ts';
import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { pullActions } from './pull-actions.ts';
import { pullPayload } from './pull-payload.ts';
import { pullRoutes } from './pull-routes.ts';
import { reviewRequestActions } from './review-request-actions.ts';
import { reviewRequestRoutes } from './review-request-routes.ts';

export const pullResource = defineResource({
  routes: [...pullRoutes, ...reviewRequestRoutes],
  actions: { ...pullActions, ...reviewRequestActions },
  nodes: {
    PR: (viewer, repository, id) => {
      const pull = itemOf(viewer.context.world, repository, 'pulls', id);
      if (!pull) return null;
      demand(viewer, repository, 'pull_requests');
      return viewer.show.item(repository, pull);
    },
  },
  events: [event(['pull_request'], ['pull_requests'], pullPayload)],
});
