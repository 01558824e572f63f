import { z } from 'zod';
import { parentIds, parentsThatDiffer } from '../../db/rows/comment-counts.ts';
import { sqlOf } from '../../db/orm.ts';
import { issueComments } from '../../entities/issue-comments.ts';
import { readCommentsOf } from '../further/compare-counts.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { nothingMerged, type FurtherDeliveries } from './further-deliveries.ts';

const commented = z.object({ comments: z.number().int().catch(0) });
const transferred = z.object({
  issue: commented.extend({ number: z.number().int() }),
  changes: z.object({ old_issue: commented }),
});

/** An issue transferred here from another repository. */
interface Arrival {
  guids: Set<string>;
  /** how many comments it had there */
  comments: number;
}

/**
 * Reads the deliveries of issues that were transferred here. Their comments are recreated with new ids and
 * their original times, and no delivery announces them: their list is requested from GitHub.
 */
export function createTransferDeliveries(): FurtherDeliveries {
  const arrivals = new Map<number, Arrival>();

  return {
    read({ event, action, payload, guid }) {
      if (event !== 'issues' || action !== 'opened') return false;
      const shown = transferred.safeParse(payload).data;
      const comments = Math.max(shown?.issue.comments ?? 0, shown?.changes.old_issue.comments ?? 0);
      if (shown === undefined || comments === 0) return false;
      const { guids = new Set<string>() } = arrivals.get(shown.issue.number) ?? {};
      arrivals.set(shown.issue.number, { guids: guids.add(guid), comments });
      return true;
    },
    merge(context) {
      const isOn = context.kinds.has(issueComments.name);
      const questions = [...arrivals].map(([number, { guids, comments }]) => ({
        guids,
        ask: async (last: boolean) => (await readArrived(context, number, comments)) || last,
      }));
      return Promise.resolve(isOn ? { ...nothingMerged, questions } : nothingMerged);
    },
  };
}

/**
 * Reads the comments of an issue; returns whether there are as many as before, or nothing that could have
 * comments.
 */
async function readArrived(context: RepositoryContext, number: number, counted: number): Promise<boolean> {
  const db = sqlOf(context.orm);
  const { id } = context.repository;
  const issue = (await parentIds(db, id, ['issues'], [number])).get(number);
  if (issue === undefined) return false;
  if (issue === null) return true;
  const error = await readCommentsOf(context, issueComments, { number, counted });
  // One that cannot be read is requested again by the comparison; a list that is not shown yet may be in a moment.
  if (error !== null && error.code !== 'GITHUB_BAD_ANSWER' && error.code !== 'NOT_YET_VISIBLE') throw error;
  const [differing] = await parentsThatDiffer(db, issueComments.name, id, [{ number, counted }]);
  return differing === undefined || differing.stored >= counted;
}
