import type { AskedComparison } from '../listings/compare-commits.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { AnnouncedBranch } from '../listings/refetch-refs.ts';

/**
 * Requests the commits of a push while its branch's head is being requested: what lies between two commits does
 * not depend on that answer, which mostly confirms what was announced.
 *
 * @returns null unless the deliveries lead from the known head to a single other one
 */
export function compareAhead(
  { api, repository, mode }: Pick<RepositoryFacts, 'api' | 'repository' | 'mode'>,
  { heads, left }: AnnouncedBranch,
): AskedComparison | null {
  const { head_sha: known } = repository;
  if (known === null || mode === 'full' || !left.has(known)) return null;
  const [head, ...others] = [...heads].filter((sha) => !left.has(sha));
  if (head === undefined || head === null || others.length > 0) return null;
  // Whatever the error is, the next request meets it again.
  const answer = api.compare(known, head).catch(() => null);
  return { known, head, answer };
}
