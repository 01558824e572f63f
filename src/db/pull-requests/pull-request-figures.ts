import { shareCounted } from '../health/share-counted.ts';
import type { Sql } from '../orm.ts';
import { countOpenPullRequests, type OpenCounts } from './count-open.ts';
import { listPullRequestWeeks, type PullRequestWeek } from './list-weeks.ts';

/** The state of the pull requests of one installation or all. */
export interface PullRequestFigures {
  now: OpenCounts;
  /** the last 26, oldest first */
  weeks: PullRequestWeek[];
}

/**
 * Returns an installation's figures, which take a seventh of a second of processor time for 100,000 pull
 * requests. So up to 10,000 they are computed for every caller, and shared beyond that (`shareCounted`).
 */
export function createPullRequestFigures(
  db: Sql,
): (installationId: number | undefined) => Promise<PullRequestFigures> {
  const shared = new Map<number | undefined, () => Promise<PullRequestFigures>>();

  async function count(installationId: number | undefined) {
    const [now, weeks] = await Promise.all([
      countOpenPullRequests(db, installationId),
      listPullRequestWeeks(db, installationId),
    ]);
    const rows = weeks.reduce((sum, { opened, merged }) => sum + opened + merged, now.open);
    // Requests for installations that do not exist leave nothing behind.
    if (rows === 0) shared.delete(installationId);
    return { rows, value: { now, weeks } };
  }

  return (installationId) => {
    const known = shared.get(installationId) ?? shareCounted(() => count(installationId));
    shared.set(installationId, known);
    return known();
  };
}
