/** The repository itself, and its labels. */
import type { RepositoryRoute } from '../http/call.ts';
import { notFound } from '../http/http-error.ts';
import { paged } from '../http/paging.ts';
import { labelShape } from '../shapes/issue.ts';
import { fullRepository } from '../shapes/repository.ts';
import { findLabel } from '../world/label.ts';

export const repositoryResource: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '',
    permission: 'metadata',
    handler: ({ context, repository }) => ({
      body: fullRepository(context, repository),
      lastModified: repository.updatedAt,
    }),
  },
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
