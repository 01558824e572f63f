/** Ids that expire after a time. */
export interface TimedIds {
  add: (id: number, ms: number) => void;
  /** those that have not expired */
  ids: () => number[];
  clear: () => void;
}

export function createTimedIds(now: () => number = Date.now): TimedIds {
  const until = new Map<number, number>();
  return {
    add: (id, ms) => void until.set(id, now() + ms),
    ids() {
      for (const [id, time] of until) if (time <= now()) until.delete(id);
      return [...until.keys()];
    },
    clear: () => until.clear(),
  };
}
