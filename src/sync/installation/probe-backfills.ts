import { findProbing } from '../../db/installations/probe-size.ts';
import { sqlOf } from '../../db/orm.ts';
import { backfillsToProbe, saveWideProbes } from '../../db/repository-sync/wide-probes.ts';
import { SyncError } from '../../errors.ts';
import { wideProbe } from '../../github/graphql/wide-probe.ts';
import { askFor } from '../../github/session/usage.ts';
import { countInJob } from '../count-in-job.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { kindsOn } from '../further/kinds-on.ts';

/** For a single repository, its own round asks. */
const ENOUGH = 2;

interface Probing {
  installationId: number;
  jobId: string;
  signal: AbortSignal;
}

/**
 * Sends the wider query for the repositories among these whose further kinds are to be read, one for all of
 * them: each would send its own, for the same price. The round of each finds the answer in its row. Without an
 * answer it sends its own, and reports why there is none.
 *
 * @param ids at most a hundred
 */
export async function probeBackfills(
  deps: SyncDependencies,
  ids: readonly number[],
  { installationId, jobId, signal }: Probing,
): Promise<void> {
  const db = sqlOf(deps.orm);
  const repositories = await backfillsToProbe(db, ids);
  if (repositories.length < ENOUGH) return;
  const { permissions } = await findProbing(db, installationId);
  const on = kindsOn(permissions, deps.skippedKinds);
  if (on.size === 0) return;
  const session = deps.github.installation(installationId);
  session.expect(permissions ?? {});
  try {
    await countInJob(deps.orm, jobId, signal, async () => {
      askFor('sweeps');
      await saveWideProbes(db, (await wideProbe(session, repositories, on)) ?? new Map());
    });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof SyncError)) throw error;
    deps.log.debug({ installationId, code: error.code }, 'repositories are probed one by one');
  }
}
