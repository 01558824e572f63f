import { hasLiveRows } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import type { Entity } from '../../entities/entity.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import { wideCount } from './wide-count.ts';

/**
 * Whether GitHub's last answer to the wider query counts some of a kind, and none is live here. After its list was
 * read, the list was probably empty by mistake.
 */
export async function lacksAllCounted(context: RepositoryFacts, entity: Entity): Promise<boolean> {
  if ((wideCount(context, entity) ?? 0) === 0) return false;
  return !(await hasLiveRows(sqlOf(context.orm), entity, context.repository.id));
}
