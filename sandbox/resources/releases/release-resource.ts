import { demand } from '../../graphql/viewer.ts';
import { event } from '../../webhooks/event.ts';
import { defineResource } from '../resource.ts';
import { releaseActions } from './release-actions.ts';
import { releaseFields, releaseNode } from './release-node.ts';
import { releasePayload } from './release-payload.ts';
import { releaseRoutes } from './release-routes.ts';

export const releaseResource = defineResource({
  inRepository: () => ({ releases: new Map() }),
  routes: releaseRoutes,
  actions: releaseActions,
  fields: releaseFields,
  nodes: {
    RE: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      const release = repository.releases.get(Number(id));
      return release && !release.draft ? releaseNode(viewer, repository, release) : null;
    },
  },
  events: [event(['release'], ['contents'], releasePayload)],
});
