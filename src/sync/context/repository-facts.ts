import type { Orm } from '../../db/orm.ts';
import type { CompareMode } from '../../db/repository-sync/compare-mode.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import type { SyncError } from '../../errors.ts';
import type { RepositoryApi } from '../../github/repository-api.ts';
import type { Logger } from '../../logger.ts';
import type { Probe, Readable, WideProbe } from '../../model.ts';

/** What a round knows of its repository, and the clients it asks for more. Writes nothing. */
export interface RepositoryFacts {
  /** for reading stored rows; writes go through `RepositoryWriter` */
  readonly orm: Orm;
  readonly api: RepositoryApi;
  readonly log: Logger;
  readonly mode: CompareMode;
  /**
   * whatever could not be read is requested again, due or not: in a full comparison, and if it was not a sweep that
   * asked for this one
   */
  readonly retryUnread: boolean;
  /** the kinds of data that the App may read */
  readonly may: Readable;
  /** the further kinds that are mirrored for this installation */
  readonly kinds: ReadonlySet<string>;
  /** the row and its state at the start, and what was learned since (`learn`) */
  readonly repository: Readonly<StoredRepository>;
  /** asks until GitHub shows what it announced, or until its answer is accepted as it is */
  pollUntilConsistent(ask: (last: boolean) => Promise<boolean>): Promise<void>;
  /** why GraphQL was given up in this round (it does not answer while REST does); null unless it was */
  graphqlGivenUp: () => SyncError | null;
  /** asks GitHub again for this repository's counts and latest changes; null if it cannot answer */
  probe(): Promise<Probe | null>;
  /** the same for the counts and latest objects of the further kinds */
  wideProbe(): Promise<WideProbe | null>;
}

/**
 * What a step wrote or learned of the row: the only way its columns change. Per-list state (checkpoints,
 * high-water marks, unread elements) changes beside the statement that saves it.
 */
export function learn(repository: Readonly<StoredRepository>, learnt: Partial<StoredRepository>): void {
  Object.assign(repository, learnt);
}
