import type { CommitRow } from '../../model.ts';

/** True if `commits` are the complete history of `head`. */
export function isCompleteHistory(head: string, commits: readonly CommitRow[]): boolean {
  const shas = new Set(commits.map((commit) => commit.sha));
  return shas.has(head) && commits.every(({ parents }) => parents.every((sha) => shas.has(sha)));
}
