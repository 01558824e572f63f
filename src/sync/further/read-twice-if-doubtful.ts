import { hasLiveRows } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import type { Entity } from '../../entities/entity.ts';
import type { SyncError } from '../../errors.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import { isRefused } from '../context/refused-rows.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { emptyError, lackingError } from '../context/unread-elements.ts';
import { wideCount } from './wide-count.ts';

/** The result of reading a list to its end. */
export interface ReadList {
  /** why some of it could not be read */
  error: SyncError | null;
  /** how many rows that GitHub has the list lacks; 0 if some of it could not be read */
  lacking: number;
}

/**
 * Reads the list of a kind, and once more if it is doubtful: it lacks rows that GitHub has, or it is empty although
 * GitHub counts some. What stays empty is not believed until GitHub counts none.
 *
 * @param read reads the list from its beginning
 * @returns why some of it could not be read, or null
 */
export async function readTwiceIfDoubtful(
  context: RepositoryFacts & RepositoryWriter,
  entity: Entity,
  read: () => Promise<ReadList>,
): Promise<SyncError | null> {
  const first = await read();
  const isDoubtful = first.lacking > 0 || (await lacksAllCounted(context, entity));
  const { error, lacking } = isDoubtful ? await read() : first;
  const left = error ?? lackingError(entity.label, lacking);
  if (left !== null || isRefused(context) || !(await lacksAllCounted(context, entity))) return left;
  // The count may be from before the last one was deleted. It is only compared here: other kinds may have changed
  // as well, and are not read now.
  const wide_latest = await context.wideProbe();
  const counted = wide_latest && wideCount({ repository: { wide_latest } }, entity);
  return counted ? emptyError(entity.label, counted) : null;
}

/** Whether GitHub's last answer to the wider query counts some of a kind, and none is live here. */
async function lacksAllCounted(context: RepositoryFacts, entity: Entity): Promise<boolean> {
  if ((wideCount(context, entity) ?? 0) === 0) return false;
  return !(await hasLiveRows(sqlOf(context.orm), entity, context.repository.id));
}
