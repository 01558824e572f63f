import type { CommitRow } from '../../model.ts';

/**
 * Follows a list of commits, children before parents, and finds the ones that no earlier commit names as a
 * parent: their children were not listed, so they lie behind a commit that the list lacks.
 */
export interface ListedTips {
  /** another list begins, with this commit */
  begin(start: string): void;
  list(commits: readonly Pick<CommitRow, 'sha' | 'parents'>[]): void;
  shas(): string[];
}

/** @param tips the result for an earlier part of the same list */
export function listedTips(tips: readonly string[] = []): ListedTips {
  const found = new Set(tips);
  /** named as a parent but not listed yet: one for each parallel line of history */
  const expected = new Set<string>();

  function list(commits: readonly Pick<CommitRow, 'sha' | 'parents'>[]): void {
    for (const { sha, parents } of commits) {
      if (!expected.delete(sha)) found.add(sha);
      for (const parent of parents) {
        // Clocks run backwards in some histories: its child is listed after it.
        if (!found.delete(parent)) expected.add(parent);
      }
    }
  }
  return { begin: (start) => void expected.add(start), list, shas: () => [...found] };
}
