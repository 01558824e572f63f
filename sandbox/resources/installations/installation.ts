/** Installing the App on an account, suspending and uninstalling it. */
import { installationOn } from '../../world/access.ts';
import { WorldError } from '../../world/errors.ts';
import type { Selection } from './installation-selection.ts';
import type { Account, Installation, Repository } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

export interface InstallationOccurrence {
  event: 'installation';
  action: 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';
  installation: Installation;
  sender: Account;
}

export interface InstallationRepositoriesOccurrence {
  event: 'installation_repositories';
  action: 'added' | 'removed';
  installation: Installation;
  repositories: Repository[];
  sender: Account;
}

declare module '../../world/occurrence.ts' {
  interface Occurrences {
    installation: InstallationOccurrence;
    installation_repositories: InstallationRepositoriesOccurrence;
  }
}

/** Installs the App. Throws WorldError when it is installed there already. A reinstallation gets a new id. */
export function install(
  world: World,
  account: Account,
  selection: Selection,
  by: Account,
  permissions: Record<string, string> = world.state.app.permissions,
): Installation {
  if (installationOn(world, account.id)) throw new WorldError(`already installed on ${account.login}`);
  const now = world.clock.now();
  const installation: Installation = {
    id: world.nextId('installation', 70_000_000),
    accountId: account.id,
    selection: selection === 'all' ? 'all' : 'selected',
    repositoryIds: new Set(selection === 'all' ? [] : selection.map(({ id }) => id)),
    permissions: { ...permissions },
    events: [...world.state.app.events],
    suspendedAt: null,
    suspendedById: null,
    createdAt: now,
    updatedAt: now,
  };
  world.state.installations.set(installation.id, installation);
  world.emit({ event: 'installation', action: 'created', installation, sender: by });
  return installation;
}

/** Uninstalls: the tokens die, the installation answers 404. */
export function uninstall(world: World, installation: Installation, by: Account): void {
  world.emit({ event: 'installation', action: 'deleted', installation, sender: by });
  world.state.installations.delete(installation.id);
  revokeTokens(world, installation.id);
}

/** Suspends: no more deliveries, tokens refused. `suspend` itself is still delivered. */
export function suspend(world: World, installation: Installation, by: Account): void {
  if (installation.suspendedAt !== null) return;
  const now = world.clock.now();
  Object.assign(installation, { suspendedAt: now, suspendedById: by.id, updatedAt: now });
  world.emit({ event: 'installation', action: 'suspend', installation, sender: by });
}

/** Ends a suspension. What happened meanwhile is not delivered later. */
export function unsuspend(world: World, installation: Installation, by: Account): void {
  if (installation.suspendedAt === null) return;
  const now = world.clock.now();
  Object.assign(installation, { suspendedAt: null, suspendedById: null, updatedAt: now });
  world.emit({ event: 'installation', action: 'unsuspend', installation, sender: by });
}

/** The account accepts other permissions and events; tokens minted before keep theirs, as at GitHub. */
export function acceptPermissions(
  world: World,
  installation: Installation,
  permissions: Record<string, string>,
  by: Account,
  events: string[] = installation.events,
): void {
  Object.assign(installation, { permissions: { ...permissions }, events, updatedAt: world.clock.now() });
  world.emit({ event: 'installation', action: 'new_permissions_accepted', installation, sender: by });
}

/** Makes every token of the installation invalid at once. */
export function revokeTokens(world: World, installationId: number): void {
  for (const [text, token] of world.state.tokens) {
    if (token.installationId === installationId) world.state.tokens.delete(text);
  }
}
