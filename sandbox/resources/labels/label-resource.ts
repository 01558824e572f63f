import { defineResource, event } from '../resource.ts';
import { labelActions } from './label-actions.ts';
import { labelFields, labelNode } from './label-node.ts';
import { labelPayload } from './label-payload.ts';
import { labelRoutes } from './label-routes.ts';

export const labelResource = defineResource({
  routes: labelRoutes,
  actions: labelActions,
  fields: labelFields,
  nodes: {
    label: (viewer, repository, id) => {
      const label = repository.labels.get(Number(id));
      return label ? labelNode(viewer, repository, label) : null;
    },
  },
  events: [event(['label'], ['issues'], labelPayload)],
});
