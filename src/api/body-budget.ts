/** GitHub sends at least 2.5 MB/s: 25 MB within the 10 s after which it gives up. */
const GITHUB_BYTES_PER_MS = 2500;
const PATIENCE_MS = 1000;
const CHECK_MS = 250;
/** Each waiting body holds a connection with up to 64 kB that Node has already read. */
const MOST_WAITING = 32;

/** One body's share of the budget. */
export interface BodyShare {
  /** Reports that data arrived. */
  advance: () => void;
  /** It is not rejected for the time being: the body is known to be GitHub's, or is not sent yet. */
  keep: () => void;
  /** From now on it has to make progress, as when it was admitted. */
  begin: () => void;
  /** Releases everything. */
  close: () => void;
}

export interface BodyBudget {
  /**
   * Resolves once there is room for this many bytes; until then do not read the body.
   *
   * @param reject called if others are waiting and this body makes no progress, before or after it got its
   * share
   */
  admit: (bytes: number, reject: () => void) => Promise<BodyShare>;
  /** Releases what is still waiting. */
  forget: (reject: () => void) => void;
}

interface Share {
  bytes: number;
  admittedAt: number;
  advancedAt: number;
  kept: boolean;
  reject: () => void;
}

interface Waiting {
  bytes: number;
  reject: () => void;
  admitted: (share: BodyShare) => void;
}

/**
 * Memory for bodies: those that are not yet verified, because the signature can only be checked once the body is
 * complete, and payloads that are read. Bodies that do not fit wait unread, in the kernel's buffers or in the
 * database, and the smallest goes first; if too many wait, the largest is rejected. While others wait, a body that
 * stalls or moves slower than `leastBytesPerMs` is rejected, so that nobody can occupy the memory.
 */
export function createBodyBudget(
  limitBytes: number,
  { leastBytesPerMs = GITHUB_BYTES_PER_MS, now = () => performance.now() } = {},
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
      next.admitted(grant(next.bytes, next.reject));
    }
    if (waiting.length > 0) timer ??= setInterval(rejectStale, CHECK_MS).unref();
    else {
      clearInterval(timer);
      timer = undefined;
    }
  }

  function fits(bytes: number): boolean {
    return used === 0 || used + bytes <= limitBytes;
  }

  function grant(bytes: number, reject: () => void): BodyShare {
    const at = now();
    const share: Share = { bytes, admittedAt: at, advancedAt: at, kept: false, reject };
    shares.add(share);
    used += bytes;
    return {
      advance: () => void (share.advancedAt = now()),
      keep: () => void (share.kept = true),
      begin: () => void Object.assign(share, { kept: false, admittedAt: now(), advancedAt: now() }),
      close: () => release(share),
    };
  }

  function rejectStale(): void {
    const at = now();
    for (const share of shares) {
      if (share.kept || !isStale(share, at, leastBytesPerMs)) continue;
      share.reject();
      release(share);
    }
  }

  return {
    admit: (bytes, reject) =>
      new Promise((admitted) => {
        const place = waiting.findIndex((other) => other.bytes > bytes);
        waiting.splice(place === -1 ? waiting.length : place, 0, { bytes, reject, admitted });
        admitWaiting();
        if (waiting.length > MOST_WAITING) waiting.pop()?.reject();
      }),
    forget(reject) {
      const place = waiting.findIndex((other) => other.reject === reject);
      if (place !== -1) waiting.splice(place, 1);
      admitWaiting();
    },
  };
}

/** Whether a body has stalled, or moves slower than it must. */
function isStale({ bytes, admittedAt, advancedAt }: Share, at: number, leastBytesPerMs: number): boolean {
  const isStalled = at - advancedAt > PATIENCE_MS;
  return isStalled || at - admittedAt > PATIENCE_MS + bytes / leastBytesPerMs;
}
