import type { Orm } from '../db/orm.ts';
import type { RepositoryLease } from '../db/writes/repository-lease.ts';
import { addToJob } from '../db/writes/jobs.ts';
import type { Sql } from '../db/orm.ts';
import type { RepositoryApi } from '../github/repository-api.ts';
import type { Usage } from '../github/usage.ts';
import type { Logger } from '../logger.ts';
import type { Probe, RowCounts } from '../model.ts';
import type { StoredRepository, Walk } from '../db/queries/repository-state.ts';

/** `changes`: fetch what GitHub shows as new. `everything`: read all, and write over rows that differ. */
export type CompareMode = 'changes' | 'everything';

/** One repository while its lease is held: what every step of a comparison needs. */
export interface RepositoryWork {
  readonly orm: Orm;
  readonly api: RepositoryApi;
  readonly log: Logger;
  readonly mode: CompareMode;
  /** the row and its state as of the beginning; steps keep it true to what they write */
  readonly repository: StoredRepository;
  /** asks GitHub anew what this repository's counts and newest changes are; null when it cannot say */
  probe(): Promise<Probe | null>;
  /** one fenced transaction, whose counts and requests so far go into the job with it */
  save(write: (tx: Sql) => Promise<Partial<RowCounts>>): Promise<void>;
  /** remembers where a long list goes on, in the transaction that writes its rows; null when it is through */
  saveWalk(tx: Sql, list: string, walk: Walk | null): Promise<void>;
  /** true from the deadline on: what is held is then saved and OutOfTime thrown, for another round to go on */
  timeIsUp(): boolean;
}

/** Thrown between two chunks when the round's time is up. Not an error: work remains. */
export class OutOfTime extends Error {
  constructor() {
    super('the round is over, work remains');
    this.name = 'OutOfTime';
  }
}

/** `save` over a lease: rows, job counts and the requests since the last save in one transaction. */
export function createSave(
  lease: RepositoryLease,
  jobId: string,
  usage: Usage,
  changed: RowCounts,
): RepositoryWork['save'] {
  return async (write) => {
    const counts = await lease.write(async (tx) => {
      const written = await write(tx);
      const { requests, points } = usage;
      await addToJob(tx, jobId, { ...written, requests, points });
      return { written, requests, points };
    });
    usage.requests -= counts.requests;
    usage.points -= counts.points;
    changed.commits += counts.written.commits ?? 0;
    changed.issues += counts.written.issues ?? 0;
    changed.pull_requests += counts.written.pull_requests ?? 0;
  };
}
