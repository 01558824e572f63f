/** How much of pull requests' details is asked for in one question. */
export interface DetailQuestion {
  pullRequests: number;
  /** reviews, and conversations, on a page of each */
  children: number;
}

/**
 * From the usual question to the least: GitHub gives up on large ones (github.md D: 502 above 25 elements), and a page of
 * a hundred can be too much by itself.
 */
const questions: readonly DetailQuestion[] = [
  { pullRequests: 25, children: 100 },
  { pullRequests: 12, children: 50 },
  { pullRequests: 5, children: 25 },
  { pullRequests: 1, children: 25 },
];

/** What is asked about one that is unavailable otherwise. */
export const LEAST: DetailQuestion = { pullRequests: 1, children: 5 };

/** As many pull requests in the usual question. */
export const MAX_DETAILS = 25;

/** The size of questions about details, smaller after each that failed. */
export interface DetailPace {
  question(): DetailQuestion & { isLeast: boolean };
  shrink(): void;
}

/** @param least begins with the least question */
export function createDetailPace(least = false): DetailPace {
  let at = least ? questions.length : 0;
  return {
    question: () => ({ ...(questions[at] ?? LEAST), isLeast: at >= questions.length }),
    shrink: () => {
      at += 1;
    },
  };
}
