/** Installations and the App itself. */
import { iso, isoOrNull } from '../../world/clock.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Installation } from '../../world/types.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { userOrNull } from '../accounts/user-shape.ts';

/** OpenAPI `installation`. */
export function installationShape(context: Context, installation: Installation): Json {
  const { accounts, app } = context.world.state;
  const account = accounts.get(installation.accountId);
  const organization = account?.type === 'Organization';
  const url = `${context.api}/app/installations/${installation.id}`;
  const settings = organization ? `organizations/${account.login}/settings` : 'settings';
  return {
    id: installation.id,
    client_id: app.clientId,
    account: accountOf(context, installation),
    repository_selection: installation.selection,
    access_tokens_url: `${url}/access_tokens`,
    repositories_url: `${context.api}/installation/repositories`,
    html_url: `${HTML}/${settings}/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: installation.accountId,
    target_type:
      installation.accountShown === 'enterprise' ? 'Enterprise' : organization ? 'Organization' : 'User',
    permissions: installation.permissions,
    events: installation.events,
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: userOrNull(context, installation.suspendedById),
    suspended_at: isoOrNull(installation.suspendedAt),
  };
}

/** A user or organisation; if so configured, null or an Enterprise, which has a `slug` and no `login`. */
function accountOf(context: Context, { accountId, accountShown, createdAt }: Installation): Json | null {
  if (accountShown === 'null') return null;
  if (accountShown !== 'enterprise') return userOrNull(context, accountId);
  const account = context.world.state.accounts.get(accountId);
  const slug = account?.login ?? 'enterprise';
  return {
    id: accountId,
    node_id: `E_${Buffer.from(String(accountId)).toString('base64url')}`,
    slug,
    name: account?.name ?? slug,
    description: null,
    website_url: null,
    html_url: `${HTML}/enterprises/${slug}`,
    avatar_url: `https://avatars.githubusercontent.com/b/${accountId}?v=4`,
    created_at: iso(createdAt),
    updated_at: iso(createdAt),
  };
}

/** The `installation` key of ordinary deliveries. */
export function installationStub(installation: Installation): Json {
  const text = `023:IntegrationInstallation${installation.id}`;
  return { id: installation.id, node_id: Buffer.from(text).toString('base64') };
}

/** OpenAPI `integration`: `GET /app`. */
export function appShape(context: Context): Json {
  const { app, installations } = context.world.state;
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    owner: userOrNull(context, app.ownerId),
    name: app.name,
    description: 'A GitHub App of the sandbox.',
    external_url: 'https://example.com',
    html_url: `${HTML}/apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: app.permissions,
    events: app.events,
    installations_count: installations.size,
  };
}
