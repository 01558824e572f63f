import { demand } from '../../graphql/viewer.ts';
import { defineResource, event } from '../resource.ts';
import { releaseActions } from './release-actions.ts';
import { releaseFields, releaseNode } from './release-node.ts';
import { releasePayload } from './release-payload.ts';
import { releaseRoutes } from './release-routes.ts';

export const releaseResource = defineResource({
  routes: releaseRoutes,
  actions: releaseActions,
  fields: releaseFields,
  nodes: {
    release: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      const release = repository.releases.get(Number(id));
      return release && !release.draft ? releaseNode(viewer, repository, release) : null;
    },
  },
  events: [event(['release'], ['contents'], releasePayload)],
});
