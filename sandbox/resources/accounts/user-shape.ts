/** Accounts as GitHub shows them. */
import { iso } from '../../world/clock.ts';
import { shownAccount } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Account } from '../../world/types.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';

/** How their node ids begin. */
export const accountPrefixes: Record<Account['type'], string> = {
  User: 'U',
  Organization: 'O',
  Bot: 'BOT',
  Mannequin: 'M',
};

/** The global node id of an account. */
export function accountNodeId(account: Account): string {
  return nodeId(accountPrefixes[account.type], account.id);
}

/** OpenAPI `simple-user`. */
export function simpleUser({ api }: Context, account: Account): Json {
  const url = `${api}/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: htmlUrl(account),
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

function htmlUrl(account: Account): string {
  const bot = /^(.*)\[bot\]$/.exec(account.login);
  return `${HTML}/${bot ? `apps/${bot[1]}` : account.login}`;
}

/** The user for an account id, the ghost for a deleted one, null for null. */
export function userOrNull(context: Context, id: number | null): Json | null {
  const account = shownAccount(context.world, id);
  return account && simpleUser(context, account);
}

/** As reviews and their comments have it: null for a deleted account too, no ghost. */
export function userUnlessDeleted(context: Context, id: number | null): Json | null {
  const account = context.world.state.accounts.get(id ?? 0);
  return account && !account.deleted ? simpleUser(context, account) : null;
}

/** OpenAPI `public-user`, for `GET /users/{username}` and `GET /user/{account_id}`. */
export function publicUser(context: Context, account: Account): Json {
  return {
    ...simpleUser(context, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: account.description,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: iso(account.createdAt),
    updated_at: iso(account.updatedAt),
  };
}

/** OpenAPI `organization-simple`, the `organization` of webhooks. */
export function organizationSimple({ api }: Context, account: Account): Json {
  const url = `${api}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: accountNodeId(account),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    description: account.description,
  };
}
