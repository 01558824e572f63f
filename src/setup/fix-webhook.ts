import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { newestAttempts, redeliver, setHook } from '../github/app-settings.ts';
import type { GitHub } from '../github/client.ts';
import { plainAddress } from './webhook-address.ts';

/** GitHub waits 10 s for an answer; the log entry follows it. */
const PROOF_MS = 15_000;
const LOOK_MS = 500;

/**
 * Sets the App's webhook at GitHub from the environment: the address, if it is configured, and the secret. Of
 * several secrets the last: during a rotation that is the new one. If the latest delivery had failed, it is
 * then redelivered, so that the log shows whether it helped.
 *
 * @returns what was done, without any secret
 * @throws SyncError
 */
export async function fixWebhook(
  github: GitHub,
  config: Pick<Config, 'GITHUB_WEBHOOK_URL' | 'GITHUB_WEBHOOK_SECRET'>,
): Promise<string> {
  const url = config.GITHUB_WEBHOOK_URL;
  const secret = config.GITHUB_WEBHOOK_SECRET.at(-1);
  await setHook(github, { ...(url !== undefined && { url }), ...(secret !== undefined && { secret }) });
  const [last] = (await newestAttempts(github, 1)) ?? [];
  if (last !== undefined && (last.status_code < 200 || last.status_code >= 300)) {
    await redeliver(github, last.id);
    await untilNewer(github, last.id);
  }
  return url === undefined
    ? "set the App's webhook secret at GitHub (GITHUB_WEBHOOK_URL is not set, so its address is unchanged)"
    : `set the App's webhook at GitHub: ${plainAddress(url)}, with the secret of GITHUB_WEBHOOK_SECRET`;
}

async function untilNewer(github: GitHub, id: string): Promise<void> {
  for (const began = Date.now(); Date.now() - began < PROOF_MS; await sleep(LOOK_MS)) {
    const [newest] = (await newestAttempts(github, 1)) ?? [];
    if (newest?.id !== id) return;
  }
}
