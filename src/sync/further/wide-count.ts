import { z } from 'zod';
import type { Entity } from '../../entities/entity.ts';
import type { WideProbe } from '../../model.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';

const counted = z.object({ totalCount: z.number() });
const sign = z.union([counted, z.tuple([counted], z.unknown()).transform(([first]) => first)]);

/** How many objects of each kind an answer of GitHub's to the wider query counts, where it says so. */
export function wideCounts({ signs }: WideProbe): Map<string, number> {
  const counts = Object.entries(signs).map(
    ([kind, shown]) => [kind, sign.safeParse(JSON.parse(shown)).data?.totalCount] as const,
  );
  return new Map(counts.flatMap(([kind, count]) => (count === undefined ? [] : [[kind, count]])));
}

/** How many objects of a kind GitHub's last answer to the wider query counts; null if it does not say. */
export function wideCount(
  { repository }: { repository: Pick<StoredRepository, 'wide_latest'> },
  { name }: Entity,
): number | null {
  return repository.wide_latest === null ? null : (wideCounts(repository.wide_latest).get(name) ?? null);
}
