import type { Orm } from '../../db/orm.ts';
import type { CompareMode } from '../../db/repository-sync/compare-mode.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import type { SyncError } from '../../errors.ts';
import type { RepositoryApi } from '../../github/repository-api.ts';
import type { Logger } from '../../logger.ts';
import type { Probe, Readable, WideProbe } from '../../model.ts';

/** What a round knows of its repository, and whom it asks for more. Writes nothing. */
export interface RepositoryFacts {
  /** to read what is stored; what is written goes through `RepositoryWriter` */
  readonly orm: Orm;
  readonly api: RepositoryApi;
  readonly log: Logger;
  readonly mode: CompareMode;
  /** the kinds of data that the App may read */
  readonly may: Readable;
  /** the further kinds that are mirrored of this installation */
  readonly kinds: ReadonlySet<string>;
  /** the row and its state as of the beginning, and what was learnt since (`learn`) */
  readonly repository: Readonly<StoredRepository>;
  /** asks until GitHub shows what it announced, or for so long that its answer is taken as it is */
  pollUntilConsistent(ask: (last: boolean) => Promise<boolean>): Promise<void>;
  /** why GraphQL was given up in this round: it does not tell what is new, while REST answers; null as long as it was not */
  graphqlGivenUp: () => SyncError | null;
  /** asks GitHub anew what this repository's counts and newest changes are; null when it cannot say */
  probe(): Promise<Probe | null>;
  /** the same of the further kinds' numbers and newest */
  wideProbe(): Promise<WideProbe | null>;
}

/**
 * What a step wrote or met of the row: its columns change by this alone. What is kept by list (checkpoints, marks, what is unread)
 * changes beside the statement that saves it.
 */
export function learn(repository: Readonly<StoredRepository>, learnt: Partial<StoredRepository>): void {
  Object.assign(repository, learnt);
}
