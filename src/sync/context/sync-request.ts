import type { Orm } from '../../db/orm.ts';
import type { SyncError } from '../../errors.ts';
import type { GitHub } from '../../github/client.ts';
import type { Purpose } from '../../github/session/purposes.ts';
import type { Logger } from '../../logger.ts';
import type { CompareMode } from '../../db/repository-sync/compare-mode.ts';

/** What all of the comparing needs. */
export interface SyncDependencies {
  orm: Orm;
  github: GitHub;
  log: Logger;
  /** how patiently GitHub is asked for what it announced; `CONSISTENCY_DELAYS_MS` */
  consistencyDelaysMs: readonly number[];
  /** names of further kinds that are not mirrored */
  skippedKinds: ReadonlySet<string>;
}

export interface SyncRequest {
  repositoryId: number;
  jobId: string;
  /** who asks; the same one, asking again, takes its own lease over */
  owner: string;
  /** `deliveries` applies what was delivered, and compares only what was never imported */
  scope: 'deliveries' | 'compare';
  mode: CompareMode;
  /** true: GitHub is asked what is new; false: a listing has just stored it */
  askWhatIsNew: boolean;
  /** what is asked for it, where the queue does not tell; `webhooks` unless given */
  purpose?: Purpose;
  /** taken from the queue: left alone where another process has compared it meanwhile, else as it is queued now */
  queued?: boolean;
  /** how long to wait for the lease; not at all unless given */
  patienceMs?: number;
  /** `Date.now()` from when on a long reading is interrupted */
  deadline: number;
  signal?: AbortSignal;
}

export type SyncOutcome =
  | { state: 'done' | 'removed'; error: SyncError | null }
  /** saved so far; to be asked again */
  | { state: 'unfinished' };
