import { hasLiveRows } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import type { Entity } from '../../entities/entity.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import { wideCount } from './wide-count.ts';

/**
 * Whether GitHub's answer to the wider query counts none of a kind, and no row is live here: then its list need
 * not be read, even if it never was. Most repositories have no milestones and no releases.
 */
export async function isKnownEmpty(context: RepositoryFacts, entity: Entity): Promise<boolean> {
  if (wideCount(context, entity) !== 0) return false;
  return !(await hasLiveRows(sqlOf(context.orm), entity, context.repository.id));
}
