export interface TemporalWatch {
  /** Checks once. */
  check: () => Promise<void>;
  /** False from a failed check until the next successful one. */
  isReachable: () => boolean;
}

export interface WatchDeps {
  ping: () => Promise<void>;
  /** Aborted when the process stops: a check that this cuts off says nothing about Temporal. */
  stopping: AbortSignal;
  /** Stores the result where `health` reads it. */
  record: (reachable: boolean) => Promise<void>;
  onReturn: () => void;
  onLoss: (error: unknown) => void;
}

/** Knows whether Temporal answers, so that nothing is sent in vain while it is unavailable. */
export function createTemporalWatch({ ping, stopping, record, onReturn, onLoss }: WatchDeps): TemporalWatch {
  let reachable = true;
  return {
    isReachable: () => reachable,
    async check() {
      const before = reachable;
      let failure: unknown;
      try {
        await ping();
        reachable = true;
      } catch (error) {
        if (stopping.aborted) return;
        reachable = false;
        failure = error;
      }
      if (reachable && !before) onReturn();
      if (!reachable && before) onLoss(failure);
      await record(reachable);
    },
  };
}
