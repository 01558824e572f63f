import type { Sql } from '../../db/orm.ts';
import { addToJob } from '../../db/jobs/write-jobs.ts';
import { addDrift } from '../../db/repository-sync/add-drift.ts';
import type { RepositoryLease } from '../../db/repository-sync/repository-lease.ts';
import { saveCheckpoint } from '../../db/repository-sync/repository-progress.ts';
import type { Checkpoint, StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { withCascaded } from '../../db/rows/cascaded-rows.ts';
import { refusedIn, watchRows, writtenIn, type RefusedRow } from '../../db/rows/upsert-rows.ts';
import type { SyncError } from '../../errors.ts';
import { returnUsage, takeUsage, type Usage } from '../../github/session/usage.ts';
import type { RowCounts } from '../../model.ts';
import { keepRefused, refusedNames } from './refused-rows.ts';

/** The only way in which a round writes, while its lease is held. */
export interface RepositoryWriter {
  /**
   * One fenced transaction, which also adds its counts and the requests so far to the job.
   *
   * @param write returns how many rows it inserted or changed per table, if any
   * @throws SyncError LEASE_LOST if another process has taken over the repository; nothing is written then
   */
  save(write: (tx: Sql) => Promise<RowCounts | void>): Promise<void>;
  /** The same after a part that takes long (`RepositoryLease.writeAfter`), in one transaction with it. */
  saveAfter<First>(
    first: (tx: Sql) => Promise<First>,
    write: (tx: Sql, done: First) => Promise<RowCounts | void>,
  ): Promise<void>;
  /**
   * Records where a long list resumes, in the transaction that writes its rows; null once it is done. After the
   * commit, `repository.checkpoints` has it too.
   */
  saveCheckpoint(tx: Sql, list: string, checkpoint: Checkpoint | null): Promise<void>;
  /** whether rows saved from now on differed although GitHub shows no change */
  countDrift(isCounted: boolean): void;
  /** rows that PostgreSQL rejected and that were left out */
  readonly refused: RefusedRow[];
  /**
   * why single objects could not be read that are requested again individually: not an error of the repository
   */
  readonly leftOut: SyncError[];
}

/**
 * @param usage the requests since the last `save`: they are counted together with the rows that they were for
 */
export function createRepositoryWriter(
  lease: RepositoryLease,
  jobId: string,
  usage: Usage,
  repository: StoredRepository,
): RepositoryWriter {
  const refused: RefusedRow[] = [];
  let isDrift = false;
  /** checkpoints that the row may contain: most lists are read in one go, with none to clear */
  const kept = new Set(Object.keys(repository.checkpoints));
  /** the checkpoints of uncommitted transactions */
  const pending = new WeakMap<Sql, Map<string, Checkpoint | null>>();

  function watched(tx: Sql): Sql {
    watchRows(tx, refusedNames(repository));
    return tx;
  }

  /** @param transaction runs its argument in a fenced transaction */
  async function counted(
    transaction: (
      finish: (tx: Sql, write: () => Promise<RowCounts | void>) => Promise<readonly RefusedRow[]>,
    ) => Promise<readonly RefusedRow[]>,
  ): Promise<void> {
    // Taken out at once, because another `save` of the same round may run concurrently.
    const asked = takeUsage(usage);
    let committed: Sql | null = null;
    try {
      const left = await transaction(async (tx, write) => {
        committed = tx;
        const written = withCascaded(tx, (await write()) ?? {});
        await keepRefused(tx, repository, [...refused, ...refusedIn(tx)], writtenIn(tx));
        if (isDrift) await addDrift(tx, lease.repositoryId, written);
        await addToJob(tx, jobId, { rows: written, ...asked });
        return refusedIn(tx);
      });
      refused.push(...left);
      if (committed !== null) applyCheckpoints(repository, pending.get(committed));
    } catch (error) {
      returnUsage(usage, asked);
      throw error;
    }
  }
  return {
    refused,
    leftOut: [],
    countDrift(isCounted) {
      isDrift = isCounted;
    },
    async saveCheckpoint(tx, list, checkpoint) {
      if (checkpoint !== null) kept.add(list);
      if (kept.has(list)) await saveCheckpoint(tx, repository.id, list, checkpoint);
      const saved = pending.get(tx) ?? new Map<string, Checkpoint | null>();
      pending.set(tx, saved.set(list, checkpoint));
    },
    save: (write) => counted((finish) => lease.write((tx) => finish(watched(tx), () => write(tx)))),
    saveAfter: (first, write) =>
      counted((finish) =>
        lease.writeAfter(
          (tx) => first(watched(tx)),
          (tx, done) => finish(tx, () => write(tx, done)),
        ),
      ),
  };
}

function applyCheckpoints(
  { checkpoints }: StoredRepository,
  saved: ReadonlyMap<string, Checkpoint | null> = new Map(),
): void {
  for (const [list, checkpoint] of saved) {
    if (checkpoint === null) delete checkpoints[list];
    else checkpoints[list] = checkpoint;
  }
}
