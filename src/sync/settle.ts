import { setTimeout as sleep } from 'node:timers/promises';

/** GitHub announces a change up to some seconds before its API shows it (octokit.js#900, probot/stale#83). */
const DELAYS_MS = [200, 500, 1500, 3000];

/**
 * Asks until GitHub shows what it announced. After the last delay its answer is taken as it is: what it shows
 * then is the truth of its API, and the next comparison looks again.
 *
 * @param ask true when the answer agrees with what was announced
 */
export async function settle(ask: () => Promise<boolean>): Promise<void> {
  for (const delay of [0, ...DELAYS_MS]) {
    if (delay > 0) await sleep(delay);
    if (await ask()) return;
  }
}
