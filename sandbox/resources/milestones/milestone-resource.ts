import { defineResource, event } from '../resource.ts';
import { milestoneActions } from './milestone-actions.ts';
import { milestoneFields, milestoneNode } from './milestone-node.ts';
import { milestonePayload } from './milestone-payload.ts';
import { milestoneRoutes } from './milestone-routes.ts';

export const milestoneResource = defineResource({
  routes: milestoneRoutes,
  actions: milestoneActions,
  fields: milestoneFields,
  nodes: {
    milestone: (viewer, repository, id) => {
      const milestone = repository.milestones.get(Number(id));
      return milestone ? milestoneNode(viewer, repository, milestone) : null;
    },
  },
  events: [event(['milestone'], ['issues', 'pull_requests'], milestonePayload)],
});
