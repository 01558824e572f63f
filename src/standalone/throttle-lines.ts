import type { Print } from './print.ts';

const EVERY_MS = 10_000;

/** Prints a line once, and then at most every ten seconds how often it was repeated. */
export function throttleLines(print: Print, now: () => number = Date.now): Print {
  const lines = new Map<string, { at: number; kept: number }>();
  return (line) => {
    const before = lines.get(line);
    if (before && now() - before.at < EVERY_MS) {
      before.kept += 1;
      return;
    }
    print(before?.kept ? `${line} (and ${before.kept} times before)` : line);
    if (lines.size > 1_000) lines.clear();
    lines.set(line, { at: now(), kept: 0 });
  };
}
