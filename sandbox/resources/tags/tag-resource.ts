import { demand } from '../../graphql/viewer.ts';
import { target } from '../branches/ref-node.ts';
import { defineResource } from '../resource.ts';
import { tagRoutes } from './tag-routes.ts';

export const tagResource = defineResource({
  routes: tagRoutes,
  actions: {},
  nodes: {
    tag: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      return target(viewer, repository, String(id));
    },
  },
});
