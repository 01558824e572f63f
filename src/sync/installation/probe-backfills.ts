import { findProbing } from '../../db/installations/probe-size.ts';
import { sqlOf } from '../../db/orm.ts';
import { backfillsToProbe, saveWideProbes } from '../../db/repository-sync/wide-probes.ts';
import { SyncError } from '../../errors.ts';
import { wideProbe } from '../../github/graphql/wide-probe.ts';
import { setPurpose } from '../../github/session/usage.ts';
import { countInJob } from '../count-in-job.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { readable } from '../context/readable.ts';
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
 * @returns false if no answer came: the next query about several would be waited for in vain, too
 */
export async function probeBackfills(
  deps: SyncDependencies,
  ids: readonly number[],
  { installationId, jobId, signal }: Probing,
): Promise<boolean> {
  if (ids.length < ENOUGH) return true;
  const db = sqlOf(deps.orm);
  const due = await backfillsToProbe(db, ids);
  const { permissions, probe_size: size } = await findProbing(db, installationId);
  const repositories = due.slice(0, size);
  if (repositories.length < ENOUGH) return true;
  const on = kindsOn(readable(permissions), deps.skippedKinds);
  if (on.size === 0) return true;
  const session = deps.github.installation(installationId);
  session.expect(permissions ?? {});
  try {
    return await countInJob(deps.orm, jobId, signal, async () => {
      setPurpose('sweeps');
      const answers = await wideProbe(session, repositories, on);
      if (answers !== null) await saveWideProbes(db, answers);
      return answers !== null;
    });
  } catch (error) {
    if (signal.aborted) return false;
    if (!(error instanceof SyncError)) throw error;
    deps.log.debug({ installationId, code: error.code }, 'repositories are probed one by one');
    return false;
  }
}
