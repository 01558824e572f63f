import { subscribedEvents } from '../deliveries/events.ts';
import { furtherPermissions, requiredPermissions } from './app-needs.ts';

/**
 * An address that nobody answers and that discloses nothing: `.invalid` does not resolve (RFC 2606). GitHub
 * needs one to make deliveries at all, which are then read from the App's delivery log.
 */
export const NO_WEBHOOK = 'https://no-webhook.invalid/api/github/webhook/';

/** The path of the receiver under the API's public address. */
export function webhookUrlOf(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/api/github/webhook/`;
}

/**
 * The App as the mirror needs it
 * (https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest).
 *
 * @param options.publicUrl the API's public address; null: none
 * @param options.homepage what GitHub shows as the App's home page without such an address
 */
export function appManifest(options: {
  name: string;
  publicUrl: string | null;
  homepage: string;
  redirectUrl: string;
}) {
  const { name, publicUrl, homepage, redirectUrl } = options;
  const permissions = Object.fromEntries(
    [...requiredPermissions, ...furtherPermissions].map((permission) => [permission, 'read']),
  );
  return {
    name,
    url: publicUrl ?? homepage,
    description: 'Mirrors repositories into PostgreSQL (github-auto-sync).',
    public: false,
    redirect_url: redirectUrl,
    hook_attributes: { url: publicUrl === null ? NO_WEBHOOK : webhookUrlOf(publicUrl), active: true },
    default_permissions: permissions,
    default_events: subscribedEvents(permissions),
  };
}
