import type { DetailTarget } from '../../db/rows/find-details.ts';
import { SyncError } from '../../errors.ts';
import type { PullRequestDetail } from '../../github/graphql/pull-request-detail.ts';

/** A pull request whose detail an answer lacks, and why. */
export interface LackingDetail {
  target: DetailTarget;
  error: SyncError;
}

/**
 * Which of the requested pull requests GitHub shows, shows with lists that are too short, cannot show, or does not have.
 *
 * @param accepted numbers of those whose lists may be too short
 */
export function sortDetails(
  chunk: readonly DetailTarget[],
  details: readonly (PullRequestDetail | SyncError | null)[],
  accepted: ReadonlySet<number>,
) {
  const had: PullRequestDetail[] = [];
  const lacking: LackingDetail[] = [];
  const notFound: number[] = [];
  const cutShort: DetailTarget[] = [];
  for (const [index, target] of chunk.entries()) {
    const detail = details[index];
    if (detail === null) notFound.push(target.number);
    else if (detail instanceof SyncError) lacking.push({ target, error: detail });
    else if (detail?.id === target.id) {
      const isShort = !detail.complete && detail.error === null && !accepted.has(target.number);
      if (isShort) cutShort.push(target);
      else had.push(detail);
    } else lacking.push({ target, error: other(target) });
  }
  return { had, lacking, notFound, cutShort };
}

function other({ number }: DetailTarget): SyncError {
  return new SyncError('GITHUB_BAD_ANSWER', `GraphQL shows another pull request than ${number}`);
}
