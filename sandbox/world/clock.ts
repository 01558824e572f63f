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
  /** Runs something with the clock stopped at a time; then the clock continues as before. */
  at<T>(seconds: number, work: () => T): T;
}

/** A clock that follows the machine's until it is set. */
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
    at: (seconds, work) => {
      const before = frozen;
      frozen = seconds;
      try {
        return work();
      } finally {
        frozen = before;
      }
    },
  };
  return clock;
}

/** The Gregorian calendar repeats every 400 years, which are this many seconds. */
const CYCLE = 146_097 * 86_400;

/**
 * Epoch seconds as GitHub writes times: ISO 8601, UTC, whole seconds. Git does not restrict dates: years of
 * five digits and more, which JavaScript's dates do not reach or write with a sign, stay as they are.
 */
export function iso(seconds: number): string {
  const cycles = Math.floor(seconds / CYCLE);
  const within = new Date((seconds - cycles * CYCLE) * 1000).toISOString();
  const year = Number(within.slice(0, 4)) + 400 * cycles;
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}${within.slice(4, 19)}Z`;
}

/** Epoch seconds of an ISO 8601 time, of any year. NaN for what is none. */
export function parseTime(text: string): number {
  const [, sign, digits, rest] = /^(-?)(\d{4,})(-.*)$/.exec(text) ?? [];
  if (sign === undefined || digits === undefined) return Math.floor(Date.parse(text) / 1000);
  const year = sign === '-' ? -Number(digits) : Number(digits);
  const cycles = Math.floor(year / 400);
  return Math.floor(Date.parse(`${2000 + year - 400 * cycles}${rest}`) / 1000) + (cycles - 5) * CYCLE;
}

/** As `iso`, keeping null. */
export function isoOrNull(seconds: number | null): string | null {
  return seconds === null ? null : iso(seconds);
}
