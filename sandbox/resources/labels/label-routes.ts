/** A repository's labels by REST. */
import type { RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { findLabel } from './label.ts';
import { labelShape } from './label-shape.ts';

export const labelRoutes: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '/labels',
    permission: 'issues_or_pulls',
    handler: (call) => {
      const { context, repository, base } = call;
      const { items, headers } = paged(call, base, [...repository.labels.values()]);
      return { headers, body: items.map((label) => labelShape(context, repository, label)) };
    },
  },
  {
    method: 'GET',
    path: '/labels/:name',
    permission: 'issues_or_pulls',
    handler: ({ context, repository, params }) => {
      const label = findLabel(repository, params['name'] ?? '');
      if (!label) throw notFound();
      return { body: labelShape(context, repository, label) };
    },
  },
];
