import { demand } from '../../graphql/viewer.ts';
import { target } from '../branches/ref-node.ts';
import { defineResource } from '../resource.ts';
import { commitRoutes } from './commit-routes.ts';
import { compareRoutes } from './compare-routes.ts';
import { contributorRoutes } from './contributor-routes.ts';

export const commitResource = defineResource({
  routes: [...commitRoutes, ...compareRoutes, ...contributorRoutes],
  actions: {},
  nodes: {
    C: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      return target(viewer, repository, String(id));
    },
  },
});
