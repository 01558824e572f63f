/** Requests side by side per installation; GitHub refuses from 100 on, for all clients of it together. */
const CONCURRENCY = 10;
/** After a secondary limit half as many; one more each time that so many were answered. */
const ANSWERS_PER_PLACE = 50;

/** How many requests of an installation may be under way, and who is next. */
export interface Places {
  isFree(): boolean;
  /** Resolves when a request has ended, the most urgent (least `rank`) first: which may go is for them to see. */
  change(rank: number): Promise<void>;
  enter(): void;
  leave(): void;
  /** One more place each time that so many were answered. */
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
      // Of ten side by side as many are refused: they are one refusal.
      if (answered > 0) places = Math.max(1, Math.floor(places / 2));
      answered = 0;
    },
  };
}
