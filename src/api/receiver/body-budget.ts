/** GitHub sends at 2.5 MB/s at least: 25 MB within the 10 s after which it gives up. */
const LEAST_BYTES_PER_MS = 2500;
const PATIENCE_MS = 1000;
const CHECK_MS = 250;
/** Each that waits holds a connection with up to 64 kB that Node has read already. */
const MOST_WAITING = 32;

/** The share of one body in the budget. */
export interface BodyShare {
  /** Something of it came. */
  advance: () => void;
  /** It is known to be GitHub's: it is not rejected any more. */
  keep: () => void;
  /** Gives everything back. */
  close: () => void;
}

export interface BodyBudget {
  /**
   * Resolves once there is room for so many bytes; until then nothing may be read of the body.
   *
   * @param turnAway called when others wait and this one does not come on, before or after it got its share
   */
  admit: (bytes: number, turnAway: () => void) => Promise<BodyShare>;
  /** Takes back what still waits. */
  forget: (turnAway: () => void) => void;
}

interface Share {
  bytes: number;
  admittedAt: number;
  advancedAt: number;
  kept: boolean;
  turnAway: () => void;
}

interface Waiting {
  bytes: number;
  turnAway: () => void;
  admitted: (share: BodyShare) => void;
}

/**
 * Memory for bodies that nobody has vouched for yet: whether a signature is right is known at the body's end only.
 * What does not fit waits unread, in the kernel's buffers, the smallest first; when too many wait the largest is
 * rejected. While somebody waits, a body that stalls or comes slower than GitHub sends is rejected, so that
 * nobody can fill the memory and stay.
 */
export function createBodyBudget(
  limitBytes: number,
  now: () => number = () => performance.now(),
): BodyBudget {
  const shares = new Set<Share>();
  const waiting: Waiting[] = [];
  let used = 0;
  let timer: NodeJS.Timeout | undefined;

  function release(share: Share): void {
    if (!shares.delete(share)) return;
    used -= share.bytes;
    admitWaiting();
  }

  function admitWaiting(): void {
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      next.admitted(grant(next.bytes, next.turnAway));
    }
    if (waiting.length > 0) timer ??= setInterval(turnStaleAway, CHECK_MS).unref();
    else {
      clearInterval(timer);
      timer = undefined;
    }
  }

  function fits(bytes: number): boolean {
    return used === 0 || used + bytes <= limitBytes;
  }

  function grant(bytes: number, turnAway: () => void): BodyShare {
    const at = now();
    const share: Share = { bytes, admittedAt: at, advancedAt: at, kept: false, turnAway };
    shares.add(share);
    used += bytes;
    return {
      advance: () => void (share.advancedAt = now()),
      keep: () => void (share.kept = true),
      close: () => release(share),
    };
  }

  function turnStaleAway(): void {
    const at = now();
    for (const share of shares) {
      const isStalled = at - share.advancedAt > PATIENCE_MS;
      const isSlow = at - share.admittedAt > PATIENCE_MS + share.bytes / LEAST_BYTES_PER_MS;
      if (share.kept || !(isStalled || isSlow)) continue;
      share.turnAway();
      release(share);
    }
  }

  return {
    admit: (bytes, turnAway) =>
      new Promise((admitted) => {
        const place = waiting.findIndex((other) => other.bytes > bytes);
        waiting.splice(place === -1 ? waiting.length : place, 0, { bytes, turnAway, admitted });
        admitWaiting();
        if (waiting.length > MOST_WAITING) waiting.pop()?.turnAway();
      }),
    forget(turnAway) {
      const place = waiting.findIndex((other) => other.turnAway === turnAway);
      if (place !== -1) waiting.splice(place, 1);
      admitWaiting();
    },
  };
}
