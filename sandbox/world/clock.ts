/**
 * Two clocks. The content clock stamps what happens in the world (`created_at`, `updated_at`, commit dates) and may be frozen
 * or moved, so that a test can put two edits into one second. The wall clock rules tokens, rate limits and the delivery log;
 * it may only be skewed against the machine's.
 */
export interface Clock {
  /** Content time in epoch seconds. */
  now(): number;
  /** Wall time in epoch milliseconds. */
  wall(): number;
  freeze(atSeconds?: number): void;
  advance(seconds: number): void;
  /** Back to real time. */
  run(): void;
  skew(milliseconds: number): void;
}

/** A clock that runs with the machine's time until told otherwise. */
export function createClock(): Clock {
  let frozen: number | null = null;
  let offset = 0;
  let skewed = 0;
  const clock: Clock = {
    now: () => frozen ?? Math.floor(Date.now() / 1000) + offset,
    wall: () => Date.now() + skewed,
    freeze: (at) => {
      frozen = at ?? clock.now();
    },
    advance: (seconds) => {
      if (frozen === null) offset += seconds;
      else frozen += seconds;
    },
    run: () => {
      frozen = null;
      offset = 0;
    },
    skew: (milliseconds) => {
      skewed = milliseconds;
    },
  };
  return clock;
}

/** Epoch seconds as GitHub writes times: ISO 8601, UTC, whole seconds. */
export function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** As `iso`, keeping null. */
export function isoOrNull(seconds: number | null): string | null {
  return seconds === null ? null : iso(seconds);
}
