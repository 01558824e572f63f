import { sqlOf, type Sql } from '../../db/orm.ts';
import { liveRepositories, type ListedRepository } from '../../db/queue/queued-repositories.ts';
import { findProbing, saveProbeSize } from '../../db/queue/probe-size.ts';
import { markUnchanged, enqueueRepositories } from '../../db/queue/enqueue-repositories.ts';
import { MAX_PROBE_SIZE, probe } from '../../github/graphql/probe.ts';
import { wideProbe } from '../../github/graphql/wide-probe.ts';
import type { Probe, Readable } from '../../model.ts';
import { furtherKinds } from '../../entities/index.ts';
import { forgetImported, queueMissingKinds } from '../../db/repositories/repository-progress.ts';
import { dueForWideProbe, saveWideProbes } from '../../db/queue/wide-probes.ts';
import { describedKinds, kindsOn, versionsOf } from '../further/kinds-on.ts';
import { inChunks } from '../listings/in-chunks.ts';
import { deniedKinds, readable } from '../readable.ts';
import { changedSince, countMismatches, union, ofKindsSwitchedOn } from '../repository/find-changes.ts';
import type { SyncDependencies } from '../repository/sync-request.ts';

/**
 * Asks what is new in the repositories of an installation, up to a hundred in one question, and puts those
 * that changed into the queue. One that GitHub shows unchanged is written nothing but `last_synced_at`.
 */
export async function probeRepositories(
  deps: SyncDependencies,
  installationId: number,
  freshForMs: number,
): Promise<void> {
  const db = sqlOf(deps.orm);
  const session = deps.github.installation(installationId);
  const installation = await findProbing(db, installationId);
  session.expect(installation.permissions ?? {});
  const may = readable(installation.permissions);
  let size = Math.min(MAX_PROBE_SIZE, installation.probe_size);
  for await (const page of liveRepositories(db, installationId, freshForMs)) {
    size = await inChunks(
      page.filter(({ fresh }) => !fresh),
      size,
      async (chunk) => applyProbes(db, chunk, await probe(session, chunk, may), may),
      // Its comparison will say what is the matter with it.
      (repository) => applyProbes(db, [repository], new Map(), may),
    );
  }
  const on = kindsOn(installation.permissions, deps.skippedKinds);
  const off = furtherKinds.flatMap(({ name }) => (on.has(name) ? [] : [name]));
  await forgetImported(db, installationId, off);
  await queueMissingKinds(db, installationId, versionsOf(describedKinds(on, may)));
  await inChunks(
    on.size === 0 ? [] : await dueForWideProbe(db, installationId),
    size,
    async (chunk) => saveWideProbes(db, await wideProbe(session, chunk, on)),
    // It is asked again at the next sweep.
    () => Promise.resolve(),
  );
  // A little larger next time: what was too slow once may not be for ever.
  await saveProbeSize(db, installationId, Math.min(MAX_PROBE_SIZE, Math.ceil(size * 1.1)));
}

/** Writes down what an answer shows. A repository it says nothing about is compared in full. */
async function applyProbes(
  db: Sql,
  chunk: readonly ListedRepository[],
  probes: ReadonlyMap<number, Probe>,
  may: Readable,
): Promise<void> {
  // A kind that may no longer be read is not asked for, so that nothing of it shows as changed.
  const isDenied = deniedKinds(may) !== null;
  const unchanged: number[] = [];
  const changed: { id: number; probe: Probe | null }[] = [];
  for (const repository of chunk) {
    const now = ofKindsSwitchedOn(repository, probes.get(repository.id) ?? null);
    if (
      now !== null &&
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
}
