/** The repository itself. */
import type { RepositoryRoute } from '../../http/call.ts';
import { fullRepository } from './repository-shape.ts';

export const repositoryRoutes: RepositoryRoute[] = [
  {
    method: 'GET',
    path: '',
    permission: 'metadata',
    handler: ({ context, repository }) => ({
      body: fullRepository(context, repository),
      lastModified: repository.updatedAt,
    }),
  },
];
