import type { StoredRepository } from '../../db/repositories/repository-state.ts';
import { sqlOf } from '../../db/orm.ts';
import { hasPendingDeliveries } from '../../db/deliveries/pending-deliveries.ts';
import { addDrift } from '../../db/queue/add-drift.ts';
import { addToJob } from '../../db/jobs/write-jobs.ts';
import type { RepositoryLease } from '../../db/repositories/repository-lease.ts';
import { refusedIn, watchRows, writtenIn, type RefusedRow } from '../../db/rows/upsert-rows.ts';
import { saveCheckpoint } from '../../db/repositories/repository-progress.ts';
import { SyncError } from '../../errors.ts';
import { probe as askProbe } from '../../github/graphql/probe.ts';
import { createRepositoryApi } from '../../github/repository-api.ts';
import { wideProbe as askWideProbe } from '../../github/graphql/wide-probe.ts';
import type { Usage } from '../../github/session/usage.ts';
import type { Probe, WideProbe } from '../../model.ts';
import { kindsOn } from '../further/kinds-on.ts';
import { readable } from '../readable.ts';
import { keepRefused, refusedNames } from '../listings/refused-rows.ts';
import type { RepositoryContext } from './repository-context.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import type { SyncDependencies, SyncRequest } from './sync-request.ts';

/** A delivery waits so long at most for a comparison of its repository under way, and for the page it reads. */
const LOOK_EVERY_MS = 500;

/**
 * One repository while `lease` is held; its requests are counted in `usage`.
 *
 * @param ofRound GUIDs of the deliveries that this round works on: others are new
 */
export function createRepositoryContext(
  deps: SyncDependencies,
  request: SyncRequest,
  lease: RepositoryLease,
  usage: Usage,
  repository: StoredRepository,
  ofRound: readonly string[],
): RepositoryContext {
  const refused: RefusedRow[] = [];
  const drift = { isCounted: false };
  const session = deps.github.installation(repository.installation_id ?? 0);
  session.expect(repository.permissions ?? {});
  const may = readable(repository.permissions);
  let hasNew = false;

  async function watchForDeliveries<T>(compare: () => Promise<T>): Promise<T> {
    const looking = setInterval(() => {
      hasPendingDeliveries(sqlOf(deps.orm), repository.id, ofRound).then(
        (found) => (hasNew ||= found),
        // The comparison itself will meet a database that is away.
        () => undefined,
      );
    }, LOOK_EVERY_MS);
    return compare().finally(() => clearInterval(looking));
  }

  const kinds = kindsOn(repository.permissions, deps.skippedKinds);
  /** Without an answer the lists are read in full, and nothing is treated as deleted. */
  function answerOf<T>(asked: Promise<ReadonlyMap<number, T>>): Promise<T | null> {
    return asked.then(
      (answers) => answers.get(repository.id) ?? null,
      (error: unknown) => {
        if (error instanceof SyncError && error.code === 'GITHUB_BAD_ANSWER') return null;
        throw error;
      },
    );
  }
  const probe = (): Promise<Probe | null> => answerOf(askProbe(session, [repository], may));
  const wideProbe = (): Promise<WideProbe | null> => answerOf(askWideProbe(session, [repository], kinds));
  return {
    orm: deps.orm,
    api: createRepositoryApi(session, repository.id, repository.full_name),
    log: deps.log.child({ repositoryId: repository.id }),
    mode: request.mode,
    may,
    kinds,
    repository,
    pollUntilConsistent: (ask) => pollUntilConsistent(deps.consistencyDelaysMs, ask),
    probe,
    wideProbe,
    refused,
    leftOut: [],
    save: createSave(lease, request.jobId, usage, { repository, refused, drift }),
    countDrift: (isCounted) => {
      drift.isCounted = isCounted;
    },
    saveCheckpoint: (tx, list, checkpoint) => saveCheckpoint(tx, repository.id, list, checkpoint),
    hasNewDeliveries: () => hasNew,
    shouldYield: () => hasNew || Date.now() > request.deadline,
    watchForDeliveries,
  };
}

/** `save` over a lease: rows, job counts and the requests since the last save in one transaction. */
function createSave(
  lease: RepositoryLease,
  jobId: string,
  usage: Usage,
  found: { repository: StoredRepository; refused: RefusedRow[]; drift: { isCounted: boolean } },
): RepositoryContext['save'] {
  const { repository, refused, drift } = found;
  return async (write) => {
    const counts = await lease.write(async (tx) => {
      watchRows(tx, refusedNames(repository));
      const written = await write(tx);
      await keepRefused(tx, repository, [...refused, ...refusedIn(tx)], writtenIn(tx));
      if (drift.isCounted) await addDrift(tx, lease.repositoryId, written);
      const { requests, points } = usage;
      await addToJob(tx, jobId, { rows: written, requests, points });
      return { requests, points, left: refusedIn(tx) };
    });
    refused.push(...counts.left);
    usage.requests -= counts.requests;
    usage.points -= counts.points;
  };
}
