/** Users, organisations, bots and mannequins. */
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { notFound } from '../../graphql/errors.ts';
import { int32 } from '../../graphql/int32.ts';
import { type Reading, sees } from '../../graphql/viewer.ts';
import { iso } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import type { Account, Repository } from '../../world/types.ts';
import { findVisible } from '../repositories/related-repository.ts';
import { accountNodeId } from './user-shape.ts';

// The repositories of a user or organisation.

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
function ownedRepositories(viewer: Reading, owner: Account): Json {
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

/** The account as its own type has it. A bot's login comes without REST's `[bot]`. */
export function accountNode(viewer: Reading, account: Account): Json {
  const login = account.type === 'Bot' ? account.login.replace(/\[bot\]$/, '') : account.login;
  const path = account.type === 'Bot' ? `/apps/${login}` : `/${login}`;
  return {
    __typename: account.type,
    id: accountNodeId(account),
    databaseId: int32(account.id),
    login,
    avatarUrl: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    url: HTML + path,
    resourcePath: path,
    createdAt: iso(account.createdAt),
    updatedAt: iso(account.updatedAt),
    ...(account.type === 'User' && userFields(account)),
    ...(account.type === 'Organization' && organizationFields(account)),
    ...(account.type === 'Mannequin' && { email: account.emails[0] ?? null, claimant: null }),
    ...((account.type === 'User' || account.type === 'Organization') && ownedRepositories(viewer, account)),
  };
}

function userFields(account: Account): Json {
  return {
    name: account.name,
    email: '',
    bio: account.description,
    company: null,
    location: null,
    websiteUrl: null,
    isSiteAdmin: false,
    isViewer: false,
  };
}

function organizationFields(account: Account): Json {
  return { name: account.name, description: account.description, email: null, isVerified: false };
}

/** `viewer` under an installation token: the App's bot, with REST's form of its login, in the shape of a user. */
export function viewerNode(viewer: Reading): Json {
  const { app, accounts } = viewer.context.world.state;
  const login = `${app.slug}[bot]`;
  const known = [...accounts.values()].find((account) => account.login === login);
  const account: Account = {
    ...(known ?? {
      id: app.id,
      emails: [],
      deleted: false,
      createdAt: app.createdAt,
      updatedAt: app.createdAt,
    }),
    login,
    type: 'User',
    name: null,
    description: null,
  };
  return { ...accountNode(viewer, account), isViewer: true };
}
