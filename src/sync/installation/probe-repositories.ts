import { sqlOf, type Sql } from '../../db/orm.ts';
import { liveRepositories, type ListedRepository } from '../../db/repository-sync/queued-repositories.ts';
import { findProbing, saveProbeSize } from '../../db/installations/probe-size.ts';
import { markUnchanged } from '../../db/repositories/sync-status.ts';
import { dueWithoutGraphql, enqueueRepositories } from '../../db/repository-sync/enqueue-repositories.ts';
import { recordFailure } from '../../db/jobs/write-jobs.ts';
import { SyncError } from '../../errors.ts';
import { MAX_PROBE_SIZE, probe } from '../../github/graphql/probe.ts';
import { wideProbe } from '../../github/graphql/wide-probe.ts';
import type { Probe, Readable } from '../../model.ts';
import { furtherKinds } from '../../entities/index.ts';
import { forgetImported, queueMissingKinds } from '../../db/repository-sync/repository-progress.ts';
import { dueForWideProbe, saveWideProbes } from '../../db/repository-sync/wide-probes.ts';
import { describedKinds, kindsOn, versionsOf } from '../further/kinds-on.ts';
import { inChunks } from '../listings/in-chunks.ts';
import { deniedKinds, readable } from '../context/readable.ts';
import { changedSince, countMismatches, union, ofKindsSwitchedOn } from '../listings/find-changes.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { isGitHubUnavailable } from '../is-git-hub-unavailable.ts';

/** Each costs some 15 requests, so four sweeps an hour leave half of the smallest rate limit, 5,000. */
const UNANSWERED_AT_ONCE = 40;

/**
 * Queries what is new in an installation's repositories, up to a hundred per query, and queues those that
 * changed. For unchanged repositories only `last_synced_at` is written.
 */
export async function probeRepositories(
  deps: SyncDependencies,
  { installationId, jobId, freshForMs }: { installationId: number; jobId: string; freshForMs: number },
): Promise<void> {
  const db = sqlOf(deps.orm);
  const session = deps.github.installation(installationId);
  const installation = await findProbing(db, installationId);
  session.expect(installation.permissions ?? {});
  const may = readable(installation.permissions);
  const unanswered: number[] = [];
  let size = Math.min(MAX_PROBE_SIZE, installation.probe_size);
  for await (const page of liveRepositories(db, installationId, freshForMs)) {
    size = await inChunks(
      page.filter(({ fresh }) => !fresh),
      size,
      async (chunk) => {
        const answers = await probe(session, chunk, may);
        if (answers === null) await queueWithoutProbe(db, chunk);
        else unanswered.push(...(await applyProbes(db, chunk, answers, may)));
      },
      ({ id }) => Promise.resolve(void unanswered.push(id)),
    );
  }
  await queueUnanswered(deps, jobId, unanswered);
  const on = kindsOn(may, deps.skippedKinds);
  const off = furtherKinds.flatMap(({ name }) => (on.has(name) ? [] : [name]));
  await forgetImported(db, installationId, off);
  await queueMissingKinds(db, installationId, versionsOf(describedKinds(on, may)));
  await inChunks(
    on.size === 0 ? [] : await dueForWideProbe(db, installationId),
    size,
    async (chunk) => saveWideProbes(db, (await wideProbe(session, chunk, on)) ?? new Map()),
    // It is queried again at the next sweep.
    () => Promise.resolve(),
  );
  // A little larger next time: what was too slow once need not stay so.
  await saveProbeSize(db, installationId, Math.min(MAX_PROBE_SIZE, Math.ceil(size * 1.1)));
}

/**
 * Repositories about which GraphQL does not answer are compared by what REST shows: new ones, and those that
 * waited longest, as many per sweep as the rate limit allows. The job reports the others.
 */
async function queueUnanswered(deps: SyncDependencies, jobId: string, ids: readonly number[]): Promise<void> {
  const db = sqlOf(deps.orm);
  const chosen = await dueWithoutGraphql(db, ids, UNANSWERED_AT_ONCE);
  await queueWithoutProbe(
    db,
    chosen.map((id) => ({ id })),
  );
  const left = ids.length - chosen.length;
  // An outage of all of GitHub is not GraphQL's, and is reported where it is met.
  if (left === 0 || (await isGitHubUnavailable(deps.github))) return;
  const message = `GraphQL does not answer; ${left} repositories are compared by REST in later sweeps`;
  await recordFailure(db, jobId, new SyncError('GRAPHQL_UNAVAILABLE', message), left);
}

/** Nothing shows whether they changed: the comparison of each finds out. */
function queueWithoutProbe(db: Sql, repositories: readonly { id: number }[]): Promise<void> {
  return enqueueRepositories(
    db,
    repositories.map(({ id }) => ({ id, probe: null })),
    'incremental',
  );
}

/**
 * Stores what an answer shows.
 *
 * @returns the repositories about which it says nothing
 */
async function applyProbes(
  db: Sql,
  chunk: readonly ListedRepository[],
  probes: ReadonlyMap<number, Probe>,
  may: Readable,
): Promise<number[]> {
  // A kind that may no longer be read is not queried, so that nothing in it shows as changed.
  const isDenied = deniedKinds(may) !== null;
  const unchanged: number[] = [];
  const changed: { id: number; probe: Probe | null }[] = [];
  const withoutProbe: number[] = [];
  for (const repository of chunk) {
    const now = ofKindsSwitchedOn(repository, probes.get(repository.id) ?? null);
    if (now === null) {
      withoutProbe.push(repository.id);
    } else if (
      !isDenied &&
      repository.imported &&
      !repository.lacks_details &&
      union(changedSince(repository.applied_probe, now), countMismatches(repository, now)).size === 0
    ) {
      unchanged.push(repository.id);
    } else {
      changed.push({ id: repository.id, probe: now });
    }
  }
  await markUnchanged(db, unchanged);
  await enqueueRepositories(db, changed, 'incremental');
  return withoutProbe;
}
