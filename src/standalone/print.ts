/**
 * Something in progress: on a terminal it is the last line, animated and updated as its fields change, until
 * the next one replaces it.
 */
export interface Progress {
  /** in words, without a time: the elapsed time is shown beside it */
  what: string;
  /** how much of it is done, if known */
  share?: { done: number; total: number } | undefined;
}

/** Prints one line for the person at the terminal. With `progress`, the line is only for logs. */
export type Print = (line: string, progress?: Progress) => void;

/** Prints that something begins that is then waited for. */
export function printBegun(print: Print, what: string): void {
  print(what, { what });
}

/** Prints every ten seconds that something is still in progress; returns a function that stops this. */
export function printStillBusy(print: Print, what: string): () => void {
  const begun = Date.now();
  const timer = setInterval(() => {
    print(`${what}: ${Math.round((Date.now() - begun) / 1000)} s so far`, { what });
  }, 10_000);
  return () => clearInterval(timer);
}
