import { demand } from '../../graphql/viewer.ts';
import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { issueActions } from './issue-actions.ts';
import { itemOf } from './item-of.ts';
import { issuePayload } from './issue-payload.ts';
import { issueRelationActions } from './issue-relations.ts';
import { issueRoutes } from './issue-routes.ts';

export const issueResource = defineResource({
  routes: issueRoutes,
  actions: { ...issueActions, ...issueRelationActions },
  nodes: {
    I: (viewer, repository, id) => {
      const issue = itemOf(viewer.context.world, repository, 'issues', id);
      if (!issue) return null;
      demand(viewer, repository, 'issues');
      return viewer.show.item(repository, issue);
    },
  },
  events: [event(['issues'], ['issues'], issuePayload)],
});
