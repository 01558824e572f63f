import type { Entity } from '../../entities/entity.ts';
import type { SyncError } from '../../errors.ts';
import type { Changes } from '../listings/find-changes.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

/** Why a repository's further kinds are compared. */
interface FurtherCause {
  /** everything is compared with GitHub's answer and overwritten if it differs */
  full: boolean;
  /**
   * also counts as changed what changed so shortly before the last probe that another change could be hidden
   * behind it
   */
  recentToo: boolean;
  /** changes that GitHub shows in the kinds that every sweep queries */
  changed: Changes;
  /** kinds that were never read in full with their current description: all of them are read */
  missing: ReadonlySet<string>;
  /** kinds that the hourly query shows as changed */
  hourly: ReadonlySet<string>;
}

/** One step of comparing a repository's further kinds: kinds that are read together. */
export interface FurtherStep {
  kinds: readonly Entity[];
  /** the kind under whose name it is recorded that the list as a whole fails; absent where that is recorded otherwise */
  list?: Entity;
  /**
   * Makes the rows of its kinds that are in `context.kinds` match GitHub. Sliced: throws TimeSliceExpired when
   * the round is over, and resumes from its checkpoints (`context.saveCheckpoint`).
   *
   * @returns why some of it could not be read; everything else is right
   */
  compare(context: RepositoryContext, cause: FurtherCause): Promise<SyncError | null>;
}
