import { randomBytes } from 'node:crypto';
import { getApp, getHook, setHook } from '../github/app-settings.ts';
import { createGitHub, type GitHub } from '../github/client.ts';
import { SyncError } from '../errors.ts';
import type { ConvertedApp } from './convert-code.ts';
import { NO_WEBHOOK, webhookUrlOf } from './manifest.ts';

const TIMEOUT_MS = 15_000;
const LOG_INTERVAL = '10s';

/** Where the App is, and the API's public address (null: none). */
export interface SetupChoice {
  apiUrl: string;
  publicUrl: string | null;
}

/** The result of setup: the settings, the key (a separate file), and where to install the App. */
export interface SetupResult {
  values: Record<string, string>;
  keyFile: { name: string; pem: string };
  installUrl: string | null;
}

/** Settings of an App that was just created. */
export async function valuesOfNew(app: ConvertedApp, choice: SetupChoice): Promise<SetupResult> {
  const secret = app.webhook_secret || newSecret();
  // GitHub created none: an App without a secret would be sent unsigned deliveries.
  if (!app.webhook_secret) await setHook(clientOf(app.id, app.pem, choice.apiUrl), { secret });
  return {
    values: {
      ...valuesOf(app.id, choice),
      GITHUB_WEBHOOK_SECRET: secret,
      GITHUB_APP_CLIENT_ID: app.client_id,
      GITHUB_APP_CLIENT_SECRET: app.client_secret,
      ...(app.slug && { GITHUB_APP_SLUG: app.slug }),
    },
    keyFile: { name: keyFileOf(app.id), pem: app.pem },
    installUrl: app.html_url ? `${app.html_url}/installations/new` : null,
  };
}

export interface ExistingApp {
  appId: number;
  privateKey: string;
  /** null: generate one and set it at GitHub */
  secret: string | null;
}

/**
 * Settings of an existing App, after GitHub accepted its credentials.
 *
 * @throws SyncError BAD_CREDENTIALS, GITHUB_UNAVAILABLE, …
 */
export async function valuesOfExisting(given: ExistingApp, choice: SetupChoice): Promise<SetupResult> {
  const github = clientOf(given.appId, given.privateKey, choice.apiUrl);
  const app = await getApp(github);
  if (app === null || app.id !== given.appId)
    throw new SyncError('BAD_CREDENTIALS', `GitHub does not know App ${given.appId} with this key`);
  const hook = await getHook(github);
  const secret = given.secret ?? newSecret();
  const url = choice.publicUrl === null ? (hook.url ?? NO_WEBHOOK) : webhookUrlOf(choice.publicUrl);
  if (given.secret === null || url !== hook.url)
    await setHook(github, { url, ...(given.secret === null && { secret }) });
  return {
    values: {
      ...valuesOf(given.appId, choice),
      GITHUB_WEBHOOK_SECRET: secret,
      ...(app.client_id && { GITHUB_APP_CLIENT_ID: app.client_id }),
      ...(app.slug && { GITHUB_APP_SLUG: app.slug }),
    },
    keyFile: { name: keyFileOf(given.appId), pem: given.privateKey },
    installUrl: app.html_url ? `${app.html_url}/installations/new` : null,
  };
}

/** Named after the App, so that the key of a replaced App is not lost before `.env` names the new one. */
function keyFileOf(appId: number): string {
  return `github-app-${appId}.pem`;
}

function valuesOf(appId: number, { apiUrl, publicUrl }: SetupChoice): Record<string, string> {
  return {
    GITHUB_APP_ID: String(appId),
    // A file, which docker compose can pass to its containers as a secret. A key in `.env` itself would take
    // precedence over it.
    GITHUB_APP_PRIVATE_KEY: '',
    GITHUB_APP_PRIVATE_KEY_FILE: `./${keyFileOf(appId)}`,
    GITHUB_API_URL: apiUrl,
    ...(publicUrl === null
      ? { SYNC_DELIVERY_LOG_INTERVAL: LOG_INTERVAL }
      : { GITHUB_WEBHOOK_URL: webhookUrlOf(publicUrl) }),
  };
}

function clientOf(appId: number, privateKey: string, apiUrl: string): GitHub {
  return createGitHub({
    appId,
    privateKey,
    apiUrl,
    ledger: { read: async () => new Map(), write: async () => undefined },
    timeoutMs: TIMEOUT_MS,
  });
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}
