import type { CommitRow } from '../../model.ts';

/**
 * Follows a list of commits, children before parents, and finds the ones that nothing listed before names as a
 * parent: what their children are is not shown, so they are behind a commit that the list lacks.
 */
export interface ListedTips {
  /** another list begins, with this commit */
  begin(start: string): void;
  list(commits: readonly Pick<CommitRow, 'sha' | 'parents'>[]): void;
  shas(): string[];
}

/** @param tips what an earlier part of the same list came to */
export function listedTips(tips: readonly string[] = []): ListedTips {
  const found = new Set(tips);
  /** named, and not listed yet: as many as there are lines of history side by side */
  const expected = new Set<string>();

  function list(commits: readonly Pick<CommitRow, 'sha' | 'parents'>[]): void {
    for (const { sha, parents } of commits) {
      if (!expected.delete(sha)) found.add(sha);
      for (const parent of parents) {
        // Clocks run backwards in some histories: its child comes after it.
        if (!found.delete(parent)) expected.add(parent);
      }
    }
  }
  return { begin: (start) => void expected.add(start), list, shas: () => [...found] };
}
