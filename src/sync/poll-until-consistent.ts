import { setTimeout as sleep } from 'node:timers/promises';

/**
 * GitHub announces a change up to some seconds before its API shows it (octokit.js#900, probot/stale#83); a
 * count of comments may take longer still (neomjs/neo#10092).
 */
export const CONSISTENCY_DELAYS_MS: readonly number[] = [200, 500, 1500, 3000, 4000];

/** How long after a delivery GitHub's API may not show yet what it announced: the sum of the delays, and some more. */
export const VISIBLE_WITHIN_MS = 12_000;

/**
 * Asks until GitHub shows what it announced. After the last delay its answer is accepted as it is: the API does
 * not show more, and the next comparison checks again.
 *
 * @param delays before each further attempt, in milliseconds
 * @param ask returns true if the answer agrees with what was announced; it is told when it is the last attempt
 */
export async function pollUntilConsistent(
  delays: readonly number[],
  ask: (last: boolean) => Promise<boolean>,
): Promise<void> {
  for (let tries = 0; !(await ask(tries === delays.length)); tries += 1) {
    const delay = delays[tries];
    if (delay === undefined) return;
    await sleep(delay);
  }
}
