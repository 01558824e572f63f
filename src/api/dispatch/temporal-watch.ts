export interface TemporalWatch {
  /** Asks once. */
  check: () => Promise<void>;
  /** False from a failed check until the next good one. */
  isReachable: () => boolean;
}

export interface WatchDeps {
  ping: () => Promise<void>;
  /** Keeps the answer where `health` reads it. */
  note: (reachable: boolean) => Promise<void>;
  onReturn: () => void;
  onLoss: (error: unknown) => void;
}

/** Knows whether Temporal answers, so that nothing is sent in vain while it is away. */
export function createTemporalWatch({ ping, note, onReturn, onLoss }: WatchDeps): TemporalWatch {
  let reachable = true;
  return {
    isReachable: () => reachable,
    async check() {
      const before = reachable;
      try {
        await ping();
        reachable = true;
        if (!before) onReturn();
      } catch (error) {
        reachable = false;
        if (before) onLoss(error);
      }
      await note(reachable);
    },
  };
}
