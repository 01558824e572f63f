/** Reading branches. */
import type { Repository } from '../../world/types.ts';

/** Git's "no commit": the sha before creation and after deletion. */
export const NO_SHA = '0'.repeat(40);

export const HEADS = 'refs/heads/';

/** A branch's sha, or null. */
export function headOf(repository: Repository, branch: string): string | null {
  return repository.refs.get(HEADS + branch)?.sha ?? null;
}

/** The default branch's sha, or null while the repository is empty. */
export function defaultHead(repository: Repository): string | null {
  return headOf(repository, repository.defaultBranch);
}

/** Branch names with their shas, sorted as GitHub lists them. */
export function branchesOf(repository: Repository): { name: string; sha: string; protected: boolean }[] {
  const found: { name: string; sha: string; protected: boolean }[] = [];
  for (const [ref, { sha, protected: guarded }] of repository.refs) {
    if (ref.startsWith(HEADS)) found.push({ name: ref.slice(HEADS.length), sha, protected: guarded });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
