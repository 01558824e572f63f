import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { activityRoutes } from './activity-routes.ts';
import { repositoryActions } from './repository-actions.ts';
import { repositoryPayload } from './repository-payload.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { repositoryShape } from './repository-shape.ts';

export const repositoryResource = defineResource({
  routes: [...repositoryRoutes, ...activityRoutes],
  actions: repositoryActions,
  events: [
    // Metadata, which it needs, is always granted.
    event(['repository'], [], repositoryPayload),
    event(['fork'], ['contents'], (context, { forkee }) => ({ forkee: repositoryShape(context, forkee) })),
  ],
});
