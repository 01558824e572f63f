import type { Entity } from '../../entities/entity.ts';
import type { SyncError } from '../../errors.ts';
import type { Changes } from '../listings/find-changes.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

/** Why further kinds of a repository are compared. */
interface FurtherCause {
  /** all of it is compared with GitHub's answer, and written over where it differs */
  full: boolean;
  /** counts as changed what had changed so shortly before the last probe that another change could hide behind it */
  recentToo: boolean;
  /** what GitHub shows as changed of the kinds that every sweep asks about */
  changed: Changes;
  /** kinds that were never read whole with their present description: all of them is read */
  missing: ReadonlySet<string>;
  /** kinds that the hourly question shows as changed */
  hourly: ReadonlySet<string>;
}

/** One step in comparing the further kinds of a repository: kinds that are read together. */
export interface FurtherStep {
  kinds: readonly Entity[];
  /**
   * Makes the rows of those of its kinds that are in `context.kinds` match GitHub. Sliced: throws TimeSliceExpired when the round is
   * over, and resumes from its checkpoints (`context.saveCheckpoint`).
   *
   * @returns why some of it could not be read; everything else of it is right
   */
  compare(context: RepositoryContext, cause: FurtherCause): Promise<SyncError | null>;
}
