/** Users, organisations, bots and mannequins. */
import { HTML, type Json } from '../../world/context.ts';
import { accountNodeId } from './user-shape.ts';
import { iso } from '../../world/clock.ts';
import type { Account } from '../../world/types.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { int32 } from '../../graphql/int32.ts';
import { ownedRepositories } from './owned-repositories.ts';

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
