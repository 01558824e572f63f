import { condition } from '@temporalio/workflow';
import type { ErrorCode } from '../errors.ts';
import { withJitter } from '../jitter.ts';

/** If GitHub does not say how long: half a second at first, doubling, a minute at most. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;
/** GitHub names the time: asking sooner or later would be pointless. */
const timedCodes = new Set<ErrorCode>(['RATE_LIMITED', 'SECONDARY_RATE_LIMITED']);

/** Why GitHub cannot be asked, as returned by activities: they end at once, and the workflow waits. */
interface Reason {
  code: ErrorCode;
  retryAfterMs: number | null;
}

/**
 * Waits while GitHub cannot be asked: the only place where a workflow does so (docs/architecture.md, "Waiting
 * for GitHub").
 */
export function createGitHubWait() {
  let attempts = 0;
  return {
    /**
     * Waits until GitHub may be asked again, or there is something else to do.
     *
     * @param isWoken ends the wait: new deliveries may need no request
     */
    async wait({ code, retryAfterMs }: Reason, isWoken: () => boolean = never): Promise<void> {
      const backoffMs = Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS);
      attempts += 1;
      // For anything but a rate limit the delay keeps doubling, whatever the error says.
      const delayMs = timedCodes.has(code)
        ? (retryAfterMs ?? backoffMs)
        : Math.max(retryAfterMs ?? 0, backoffMs);
      await condition(isWoken, withJitter(delayMs), { summary: `waits for GitHub: ${code}` });
    },
    /** Call it when GitHub has answered. */
    reset(): void {
      attempts = 0;
    },
  };
}

function never(): boolean {
  return false;
}
