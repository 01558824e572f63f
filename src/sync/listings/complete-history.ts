import type { CommitRow } from '../../model.ts';

/** True when `commits` are a whole history of `head`. */
export function isCompleteHistory(head: string, commits: readonly CommitRow[]): boolean {
  const shas = new Set(commits.map((commit) => commit.sha));
  return shas.has(head) && commits.every(({ parents }) => parents.every((sha) => shas.has(sha)));
}
