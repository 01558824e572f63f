import { issues } from '../../entities/issues.ts';
import { pullRequests } from '../../entities/pull-requests.ts';
import { readList } from '../listings/read-list.ts';
import type { RepositoryContext } from '../repository/repository-context.ts';
import type { FurtherStep } from './further-step.ts';

/**
 * Issues and pull requests that were read before they had all of their columns are listed once more: what is new in the
 * description is no difference between a row and GitHub's, and not counted as one.
 */
export const fillColumns: FurtherStep = {
  kinds: [issues, pullRequests],
  async compare(context, { missing }) {
    await fillIn(context, missing);
    return null;
  },
};

/** Fills in the columns that were added to these kinds. Throws TimeSliceExpired when the round is over. */
export async function fillIn(context: RepositoryContext, missing: ReadonlySet<string>): Promise<void> {
  const all = { since: null, recordIds: false };
  if (missing.has(issues.name)) await readList(context, issues, { ...all, key: 'further issues' });
  if (missing.has(pullRequests.name))
    await readList(context, pullRequests, { ...all, key: 'further pull_requests' });
}
