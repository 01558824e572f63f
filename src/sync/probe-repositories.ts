import { sqlOf, type Sql } from '../db/orm.ts';
import { liveRepositories, type ListedRepository } from '../db/queries/installation-repositories.ts';
import { findProbing, saveProbeSize } from '../db/writes/probe-size.ts';
import { markUnchanged, wantRepositories } from '../db/writes/want-repositories.ts';
import { SyncError } from '../errors.ts';
import { MAX_PROBE_SIZE, probe } from '../github/probe.ts';
import type { Probe } from '../model.ts';
import { queueMissingKinds } from '../db/writes/repository-progress.ts';
import { describedKinds, kindsOn, versionsOf } from './further/kinds-on.ts';
import { readable } from './readable.ts';
import { differences, disagreements, either, isDifferent, ofKindsSwitchedOn } from './compare-repository.ts';
import type { SyncDependencies } from './sync-request.ts';

/** Questions side by side; each makes GitHub work for some seconds. */
const SIDE_BY_SIDE = 4;
const SMALLEST = 5;

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
  let queue: ListedRepository[][] = [];

  async function askNext(): Promise<void> {
    for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
      try {
        await take(db, chunk, await probe(session, chunk, may));
      } catch (error) {
        if (!isTooMuch(error)) throw error;
        if (chunk.length === 1) {
          // Asked alone and still not answered: its comparison will say what is the matter with it.
          await take(db, chunk, new Map());
          continue;
        }
        const half = Math.ceil(chunk.length / 2);
        if (isTooSlow(error)) size = Math.max(SMALLEST, Math.min(size, half));
        queue.unshift(...chunks(chunk, half));
      }
    }
  }
  for await (const page of liveRepositories(db, installationId, freshForMs)) {
    const asked = page.filter(({ fresh }) => !fresh);
    queue = chunks(asked, size);
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, askNext));
  }
  const on = kindsOn(installation.permissions, deps.skippedKinds);
  await queueMissingKinds(db, installationId, versionsOf(describedKinds(on, may)));
  // A little larger next time: what was too slow once may not be for ever.
  await saveProbeSize(db, installationId, Math.min(MAX_PROBE_SIZE, Math.ceil(size * 1.1)));
}

/** Writes down what an answer shows. A repository it says nothing about is compared in full. */
async function take(
  db: Sql,
  chunk: readonly ListedRepository[],
  probes: ReadonlyMap<number, Probe>,
): Promise<void> {
  const unchanged: number[] = [];
  const wanted: { id: number; probed: Probe | null }[] = [];
  for (const repository of chunk) {
    const now = ofKindsSwitchedOn(repository, probes.get(repository.id) ?? null);
    if (
      now !== null &&
      repository.imported &&
      !isDifferent(either(differences(repository.seen, now), disagreements(repository, now)))
    ) {
      unchanged.push(repository.id);
    } else {
      wanted.push({ id: repository.id, probed: now });
    }
  }
  await markUnchanged(db, unchanged);
  await wantRepositories(db, wanted, 'changes');
}

function isTooSlow(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
}

/** A question that may be answered when it asks for less: a timeout, or one repository that spoils it. */
function isTooMuch(error: unknown): boolean {
  return isTooSlow(error) || (error instanceof SyncError && error.code === 'GITHUB_BAD_ANSWER');
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
