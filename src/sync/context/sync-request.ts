import type { Orm } from '../../db/orm.ts';
import type { SyncError } from '../../errors.ts';
import type { GitHub } from '../../github/client.ts';
import type { Purpose } from '../../github/session/purposes.ts';
import type { Logger } from '../../logger.ts';
import type { CompareMode } from '../../db/repository-sync/compare-mode.ts';

/** The dependencies of all comparisons. */
export interface SyncDependencies {
  orm: Orm;
  github: GitHub;
  log: Logger;
  /** the delays with which GitHub is asked for what it announced; `CONSISTENCY_DELAYS_MS` */
  consistencyDelaysMs: readonly number[];
  /** names of further kinds that are not mirrored */
  skippedKinds: ReadonlySet<string>;
}

export interface SyncRequest {
  repositoryId: number;
  jobId: string;
  /** who asks; the same owner, asking again, takes over its own lease */
  owner: string;
  /** `deliveries` applies deliveries, and compares only what was never imported */
  scope: 'deliveries' | 'compare';
  mode: CompareMode;
  /** true: GitHub is asked what is new; false: a listing has just stored it */
  shouldProbe: boolean;
  /** the purpose of its requests, unless the queue decides; `webhooks` by default */
  purpose?: Purpose;
  /**
   * taken from the queue: skipped if another process has compared it meanwhile, otherwise synced as it is
   * queued now
   */
  queued?: boolean;
  /** how long to wait for the lease; not at all by default */
  patienceMs?: number;
  /** when (`Date.now()`) a long reading is interrupted */
  deadline: number;
  signal?: AbortSignal;
}

export type SyncOutcome =
  | { state: 'done' | 'removed'; error: SyncError | null }
  /** saved so far; call it again */
  | { state: 'unfinished' };
