import { z } from 'zod';
import { hasLiveRows } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import type { Entity } from '../../entities/entity.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';

const counted = z.object({ totalCount: z.literal(0) });
const empty = z.union([counted, z.tuple([counted], z.unknown())]);

/**
 * Whether GitHub's answer to the wider query counts none of a kind, and no row is live here: then its list need
 * not be read, even if it never was. Most repositories have no milestones and no releases.
 */
export async function isKnownEmpty(context: RepositoryFacts, entity: Entity): Promise<boolean> {
  const sign = context.repository.wide_latest?.signs[entity.name];
  if (sign === undefined || !empty.safeParse(JSON.parse(sign)).success) return false;
  return !(await hasLiveRows(sqlOf(context.orm), entity, context.repository.id));
}
