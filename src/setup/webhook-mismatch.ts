import type { Config } from '../config.ts';
import { getHook } from '../github/app-settings.ts';
import { createGitHub } from '../github/client.ts';
import { isSameAddress, plainAddress } from './webhook-address.ts';

/**
 * Where GitHub delivers to instead of `GITHUB_WEBHOOK_URL`; null if it is that address, or none is configured.
 *
 * @throws SyncError if GitHub cannot be asked
 */
export async function webhookMismatch(
  config: Pick<Config, 'GITHUB_APP_ID' | 'GITHUB_APP_PRIVATE_KEY' | 'GITHUB_API_URL' | 'GITHUB_WEBHOOK_URL'>,
): Promise<{ github: string; ours: string } | null> {
  const ours = config.GITHUB_WEBHOOK_URL;
  if (ours === undefined) return null;
  const github = createGitHub({
    appId: config.GITHUB_APP_ID,
    privateKey: config.GITHUB_APP_PRIVATE_KEY,
    apiUrl: config.GITHUB_API_URL,
    ledger: { read: async () => new Map(), write: async () => undefined },
  });
  const { url } = await getHook(github);
  if (url !== null && isSameAddress(url, ours)) return null;
  return { github: url === null ? 'nowhere' : plainAddress(url), ours: plainAddress(ours) };
}
