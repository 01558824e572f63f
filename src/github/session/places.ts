/** Concurrent requests per installation; GitHub refuses more than 100, over all clients together. */
const CONCURRENCY = 10;
/** After a secondary limit half as many; one more after each run of this many answers. */
const ANSWERS_PER_PLACE = 50;

/** How many requests of an installation may be in progress, and which one is next. */
export interface Places {
  isFree(): boolean;
  /**
   * Resolves when a request has ended, for the most urgent (lowest `rank`) first; callers check for themselves
   * whether they may go.
   */
  change(rank: number): Promise<void>;
  enter(): void;
  leave(): void;
  /** One more place after each run of this many answers. */
  countAnswer(): void;
  /** Half as many places after a secondary limit. */
  countRefusal(): void;
}

export function createPlaces(): Places {
  const waiting: { rank: number; proceed: () => void }[] = [];
  let running = 0;
  let places = CONCURRENCY;
  let answered = 0;
  return {
    isFree: () => running < places,
    change: (rank) => new Promise<void>((proceed) => void waiting.push({ rank, proceed })),
    enter() {
      running += 1;
    },
    leave() {
      running -= 1;
      // All are woken: which of them may go depends on their buckets, and there are few.
      for (const { proceed } of waiting.splice(0).toSorted((a, b) => a.rank - b.rank)) proceed();
    },
    countAnswer() {
      answered += 1;
      if (answered % ANSWERS_PER_PLACE === 0) places = Math.min(CONCURRENCY, places + 1);
    },
    countRefusal() {
      // Ten concurrent requests can all be refused at once: that counts as one refusal.
      if (answered > 0) places = Math.max(1, Math.floor(places / 2));
      answered = 0;
    },
  };
}
