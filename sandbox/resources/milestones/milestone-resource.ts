import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { milestoneActions } from './milestone-actions.ts';
import { milestoneFields, milestoneNode } from './milestone-node.ts';
import { milestonePayload } from './milestone-payload.ts';
import { milestoneRoutes } from './milestone-routes.ts';

export const milestoneResource = defineResource({
  inRepository: () => ({ milestones: new Map(), nextMilestone: 1 }),
  routes: milestoneRoutes,
  actions: milestoneActions,
  fields: milestoneFields,
  nodes: {
    MI: (viewer, repository, id) => {
      const milestone = repository.milestones.get(Number(id));
      return milestone ? milestoneNode(viewer, repository, milestone) : null;
    },
  },
  events: [event(['milestone'], ['issues', 'pull_requests'], milestonePayload)],
});
