import type { AskedComparison } from '../listings/compare-commits.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { AnnouncedBranch } from '../listings/refetch-refs.ts';

/**
 * Asks for the commits of a push beside the question where its branch points: what lies between two commits is the same
 * whatever that answers, and most often it answers what was announced.
 *
 * @returns null where the deliveries do not lead from the head that is known to a single other one
 */
export function compareAhead(
  { api, repository, mode }: Pick<RepositoryFacts, 'api' | 'repository' | 'mode'>,
  { heads, left }: AnnouncedBranch,
): AskedComparison | null {
  const { head_sha: known } = repository;
  if (known === null || mode === 'full' || !left.has(known)) return null;
  const [head, ...others] = [...heads].filter((sha) => !left.has(sha));
  if (head === undefined || head === null || others.length > 0) return null;
  // Whatever it is, it is met again by whoever asks once more.
  const answer = api.compare(known, head).catch(() => null);
  return { known, head, answer };
}
