/** Minting and revoking installation tokens. */
import { randomBytes } from 'node:crypto';
import { repositoriesOf } from '../../world/access.ts';
import type { Installation, Repository, Token } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import type { Answer, Call, Route } from '../../http/call.ts';
import { HttpError } from '../../http/http-error.ts';
import { isRecord } from '../../world/is-record.ts';
import { listedRepository } from '../repositories/repository-shape.ts';
import { installationOf } from './app-routes.ts';

/** How long a token lives, and how many repositories it may be narrowed to. Source: OpenAPI. */
const LIFE_MS = 3_600_000;
const MAX_REPOSITORIES = 500;

const SUSPENDED_DOCS =
  'https://docs.github.com/rest/reference/apps#create-an-installation-access-token-for-an-app';

function mint(call: Call): Answer {
  const { world } = call.context;
  const installation = installationOf(call);
  if (installation.suspendedAt !== null) {
    throw new HttpError(403, 'This installation has been suspended', { documentation_url: SUSPENDED_DOCS });
  }
  const narrowed = narrow(call, installation);
  const permissions = narrowPermissions(call, installation);
  const old = call.headers['x-github-stateless-s2s-token'] === 'disabled';
  const text = old ? `ghs_${randomBytes(18).toString('hex')}` : statelessToken(world.state.app.id);
  const token = issue(world, installation, text, permissions, narrowed?.map(({ id }) => id) ?? null);
  return {
    status: 201,
    body: {
      token: token.token,
      expires_at: `${new Date(token.expiresAt).toISOString().slice(0, 19)}Z`,
      permissions,
      repository_selection: narrowed ? 'selected' : installation.selection,
      ...(narrowed && { repositories: narrowed.map((one) => listedRepository(call.context, one)) }),
    },
  };
}

function issue(
  world: World,
  installation: Installation,
  text: string,
  permissions: Record<string, string>,
  repositoryIds: number[] | null,
): Token {
  const now = world.clock.wall();
  const token = {
    token: text,
    installationId: installation.id,
    createdAt: now,
    expiresAt: now + LIFE_MS,
    permissions,
    repositoryIds,
  };
  world.state.tokens.set(token.token, token);
  return token;
}

/** The format rolled out since April 2026: `ghs_`, the App's id, and something like a JWT; about 520 characters in all. */
function statelessToken(appId: number): string {
  const parts = [27, 190, 162].map((bytes) => randomBytes(bytes).toString('base64url'));
  return `ghs_${appId}_${parts.join('.')}`;
}

/** The repositories a request restricts the token to, or null. Throws HttpError 422 for one that is not covered. */
function narrow({ context, body }: Call, installation: Installation): Repository[] | null {
  const names = Array.isArray(body['repositories']) ? body['repositories'].map(String) : [];
  const ids = Array.isArray(body['repository_ids']) ? body['repository_ids'].map(Number) : [];
  if (names.length + ids.length === 0) return null;
  if (names.length + ids.length > MAX_REPOSITORIES) throw new HttpError(422, 'Too many repositories');
  const covered = repositoriesOf(context.world, installation);
  const found = covered.filter((one) => names.includes(one.name) || ids.includes(one.id));
  if (found.length < new Set([...names, ...ids]).size) {
    throw new HttpError(
      422,
      'There is at least one repository that does not exist or is not accessible to the parent installation.',
    );
  }
  return found;
}

function narrowPermissions({ body }: Call, installation: Installation): Record<string, string> {
  const asked = body['permissions'];
  if (!isRecord(asked)) return { ...installation.permissions };
  const granted: Record<string, string> = { metadata: 'read' };
  for (const [key, value] of Object.entries(asked)) {
    if (installation.permissions[key] === undefined) {
      throw new HttpError(422, 'The permissions requested are not granted to this installation.');
    }
    granted[key] = String(value);
  }
  return granted;
}

function revoke({ context, caller }: Call): Answer {
  if (caller.kind === 'installation') context.world.state.tokens.delete(caller.token.token);
  return { status: 204 };
}

export const tokenRoutes: Route[] = [
  {
    method: 'POST',
    path: '/app/installations/:installation_id/access_tokens',
    auth: 'app',
    free: true,
    handler: mint,
  },
  { method: 'DELETE', path: '/installation/token', auth: 'installation', handler: revoke },
];
