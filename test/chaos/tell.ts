import type { HistoryResult } from './history.ts';

/** How to see it again, everything that happened, and last what differs. */
export function tell({ seed, steps, story, differences }: HistoryResult): string {
  return [
    `replay: npm run chaos -- --seed ${seed} --steps ${steps} (or CHAOS_SEED=${seed} npm test -- test/chaos)`,
    ...story.map((line) => `    ${line}`),
    ...differences.slice(0, 40).map((line) => `  DIFFERS ${line}`),
  ].join('\n');
}
