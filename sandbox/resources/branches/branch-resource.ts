import { demand } from '../../graphql/viewer.ts';
import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { branchActions } from './branch-actions.ts';
import { branchRoutes } from './branch-routes.ts';
import { pushPayload } from './push-payload.ts';
import { refPayload } from './ref-payload.ts';

/** Branches, and what is told of every ref. */
export const branchResource = defineResource({
  routes: branchRoutes,
  actions: branchActions,
  nodes: {
    REF: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      return repository.refs.has(String(id)) ? viewer.show.ref(repository, String(id)) : null;
    },
  },
  events: [
    event(['push'], ['contents'], pushPayload),
    event(['create', 'delete'], ['contents'], (_context, occurrence) => refPayload(occurrence)),
  ],
});
