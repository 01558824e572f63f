/** Tells the person at the terminal one thing, in one line. */
export type Print = (line: string) => void;

/** Says every ten seconds that something is still under way; returns what ends it. */
export function printStillBusy(print: Print, what: string): () => void {
  const begun = Date.now();
  const timer = setInterval(() => {
    print(`${what}: ${Math.round((Date.now() - begun) / 1000)} s so far`);
  }, 10_000);
  return () => clearInterval(timer);
}
