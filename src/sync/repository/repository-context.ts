import type { Orm, Sql } from '../../db/orm.ts';
import type { RepositoryApi } from '../../github/repository-api.ts';
import type { RefusedRow } from '../../db/rows/upsert-rows.ts';
import type { SyncError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { RowCounts, Probe, Readable, WideProbe } from '../../model.ts';
import type { StoredRepository, Checkpoint } from '../../db/repositories/repository-state.ts';

/**
 * `changes`: fetch what GitHub shows as new. `everything`: read all, and write over rows that differ. `further`: read the
 * kinds that were never read whole.
 */
export type CompareMode = 'incremental' | 'full' | 'backfill';

/** One repository while its lease is held: what every step of a comparison needs. */
export interface RepositoryContext {
  readonly orm: Orm;
  readonly api: RepositoryApi;
  readonly log: Logger;
  readonly mode: CompareMode;
  /** the kinds of data that the App may read */
  readonly may: Readable;
  /** the further kinds that are mirrored of this installation */
  readonly kinds: ReadonlySet<string>;
  /** the row and its state as of the beginning; steps keep it true to what they write */
  readonly repository: StoredRepository;
  /** rows that PostgreSQL refused and that were left out */
  readonly refused: RefusedRow[];
  /** why single objects could not be read that are asked for again by themselves: no error of the repository's */
  readonly leftOut: SyncError[];
  /** asks until GitHub shows what it announced, or for so long that its answer is taken as it is */
  pollUntilConsistent(ask: (last: boolean) => Promise<boolean>): Promise<void>;
  /** asks GitHub anew what this repository's counts and newest changes are; null when it cannot say */
  probe(): Promise<Probe | null>;
  /** the same of the further kinds' numbers and newest */
  wideProbe(): Promise<WideProbe | null>;
  /** one fenced transaction, whose counts and requests so far go into the job with it */
  save(write: (tx: Sql) => Promise<RowCounts>): Promise<void>;
  /** whether what is saved from now on differed from GitHub although GitHub shows nothing new */
  countDrift(isCounted: boolean): void;
  /** remembers where a long list resumes, in the transaction that writes its rows; null when it is through */
  saveCheckpoint(tx: Sql, list: string, checkpoint: Checkpoint | null): Promise<void>;
  /** other deliveries came in since the round began, as far as `watchForDeliveries` has seen */
  hasNewDeliveries(): boolean;
  /**
   * True from the deadline on, and when deliveries came in: what is held is then saved and TimeSliceExpired thrown, for
   * another round to apply them and continue.
   */
  shouldYield(): boolean;
  /** looks for new deliveries while a long comparison runs */
  watchForDeliveries<T>(compare: () => Promise<T>): Promise<T>;
}

/** Thrown between two chunks when the round's time is up. Not an error: work remains. */
export class TimeSliceExpired extends Error {
  constructor() {
    super('the round is over, work remains');
    this.name = 'TimeSliceExpired';
  }
}
