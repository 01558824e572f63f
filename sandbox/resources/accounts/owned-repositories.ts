/** The repositories of a user or organisation. */
import type { Json } from '../../world/context.ts';
import type { Account, Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { notFound } from '../../graphql/errors.ts';
import { sees, type Reading } from '../../graphql/viewer.ts';
import { findVisible } from '../repositories/related-repository.ts';

interface ListArgs extends PageArgs {
  isArchived?: boolean | null;
  isFork?: boolean | null;
  visibility?: 'PUBLIC' | 'PRIVATE' | 'INTERNAL' | null;
  orderBy?: { field: keyof typeof ORDERS; direction: 'ASC' | 'DESC' } | null;
}

const ORDERS = {
  CREATED_AT: (one: Repository) => one.createdAt,
  UPDATED_AT: (one: Repository) => one.updatedAt,
  PUSHED_AT: (one: Repository) => one.pushedAt ?? 0,
  STARGAZERS: (one: Repository) => one.stargazers,
  NAME: (one: Repository) => one.name.toLowerCase(),
};

/** `repositories` and `repository` of a `RepositoryOwner`: what of it the viewer sees. */
export function ownedRepositories(viewer: Reading, owner: Account): Json {
  return {
    repositories: (args: ListArgs) =>
      connection(args, {
        items: list(viewer, owner, args),
        order: byPosition,
        node: (one) => viewer.show.repository(one),
      }),
    repository: ({ name, followRenames }: { name: string; followRenames: boolean }) => {
      const found = findVisible(viewer, `${owner.login}/${name}`, followRenames);
      if (!found) throw notFound(`Could not resolve to a Repository with the name '${owner.login}/${name}'.`);
      return viewer.show.repository(found);
    },
  };
}

function list(viewer: Reading, owner: Account, args: ListArgs): Repository[] {
  const { isArchived, isFork, visibility, orderBy } = args;
  const found = [...viewer.context.world.state.repositories.values()].filter(
    (one) =>
      one.ownerId === owner.id &&
      sees(viewer, one) &&
      (typeof isArchived !== 'boolean' || one.archived === isArchived) &&
      (typeof isFork !== 'boolean' || (one.parentId !== null) === isFork) &&
      (!visibility || one.visibility.toUpperCase() === visibility),
  );
  const sign = orderBy?.direction === 'DESC' ? -1 : 1;
  const keyOf = ORDERS[orderBy?.field ?? 'CREATED_AT'];
  return found.sort((a, b) => sign * (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a.id - b.id));
}
