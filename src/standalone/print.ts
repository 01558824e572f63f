/**
 * What is under way: on a terminal it stands in the last line until another takes its place, and moves there as its
 * fields are changed.
 */
export interface Progress {
  /** in words, without a time: how long it takes so far is shown beside it */
  what: string;
  /** how much of it is done, where that is known */
  share?: { done: number; total: number } | undefined;
}

/** Tells the person at the terminal one thing, in one line. With `progress`, that line is for logs alone. */
export type Print = (line: string, progress?: Progress) => void;

/** Says that something begins whose end is waited for. */
export function printBegun(print: Print, what: string): void {
  print(what, { what });
}

/** Says every ten seconds that something is still under way; returns what ends it. */
export function printStillBusy(print: Print, what: string): () => void {
  const begun = Date.now();
  const timer = setInterval(() => {
    print(`${what}: ${Math.round((Date.now() - begun) / 1000)} s so far`, { what });
  }, 10_000);
  return () => clearInterval(timer);
}
