import { z } from 'zod';
import type { Entity } from '../../entities/entity.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';

const counted = z.object({ totalCount: z.number() });
const sign = z.union([counted, z.tuple([counted], z.unknown()).transform(([first]) => first)]);

/** How many objects of a kind GitHub's last answer to the wider query counts; null if it does not say. */
export function wideCount(
  { repository }: { repository: Pick<StoredRepository, 'wide_latest'> },
  { name }: Entity,
): number | null {
  const shown = repository.wide_latest?.signs[name];
  return shown === undefined ? null : (sign.safeParse(JSON.parse(shown)).data?.totalCount ?? null);
}
