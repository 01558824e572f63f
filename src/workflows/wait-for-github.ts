import { condition } from '@temporalio/workflow';
import type { ErrorCode } from '../errors.ts';
import { withJitter } from '../jitter.ts';

/** While GitHub does not say for how long: half a second at first, twice as long each time, a minute at most. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;
/** GitHub names the time itself: asking sooner, or later, is of no use. */
const timedCodes = new Set<ErrorCode>(['RATE_LIMITED', 'SECONDARY_RATE_LIMITED']);

/** Why GitHub cannot be asked, as activities tell it: they end at once, and the workflow waits. */
interface Reason {
  code: ErrorCode;
  retryAfterMs: number | null;
}

/** Waits while GitHub cannot be asked: the one place where a workflow does (docs/architecture.md, "Waiting for GitHub"). */
export function createGitHubWait() {
  let attempts = 0;
  return {
    /**
     * Until GitHub may be asked again, or something else is to be done.
     *
     * @param isWoken ends the waiting: what was delivered may need no question
     */
    async wait({ code, retryAfterMs }: Reason, isWoken: () => boolean = never): Promise<void> {
      const backoffMs = Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS);
      attempts += 1;
      // What is no matter of a budget is asked for more and more rarely, whatever its error says.
      const delayMs = timedCodes.has(code)
        ? (retryAfterMs ?? backoffMs)
        : Math.max(retryAfterMs ?? 0, backoffMs);
      await condition(isWoken, withJitter(delayMs), { summary: `waits for GitHub: ${code}` });
    },
    /** GitHub has answered. */
    reset(): void {
      attempts = 0;
    },
  };
}

function never(): boolean {
  return false;
}
