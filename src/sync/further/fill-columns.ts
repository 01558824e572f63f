import { issues } from '../../entities/issues.ts';
import { pullRequests } from '../../entities/pull-requests.ts';
import { readList } from '../read-list.ts';
import type { RepositoryWork } from '../repository-work.ts';
import type { FurtherStep } from './further-step.ts';

/**
 * Issues and pull requests that were read before they had all of their columns are listed once more: what is new in the
 * description is no difference between a row and GitHub's, and not counted as one.
 */
export const fillColumns: FurtherStep = {
  kinds: [issues, pullRequests],
  async compare(work, { missing }) {
    await fillIn(work, missing);
    return null;
  },
};

/** Fills in the columns that were added to these kinds. Throws OutOfTime when the round is over. */
export async function fillIn(work: RepositoryWork, missing: ReadonlySet<string>): Promise<void> {
  const all = { since: null, noting: false };
  if (missing.has(issues.name)) await readList(work, issues, { ...all, walk: 'further issues' });
  if (missing.has(pullRequests.name))
    await readList(work, pullRequests, { ...all, walk: 'further pull_requests' });
}
